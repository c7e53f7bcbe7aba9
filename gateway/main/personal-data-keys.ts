import { join } from 'node:path';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { PersonalDataKeys } from '../../subgraphs/kit/privacy/personal-data-keys.js';
import { fixedSecrets, parseSecrets, SecretFile } from '../../subgraphs/kit/privacy/secret-source.js';
import type { SubgraphSettings } from '../config/subgraph-settings.js';

type KeySettings = Pick<SubgraphSettings, 'dataDir' | 'personalDataKeys' | 'personalDataKeysFile' | 'personalDataAlgorithm' | 'production'>;

/**
 * The keys as they are configured; in a demonstration a file under the data directory, made at the first start.
 * @throws CataloguedError CONFIGURATION_INVALID for a setting that is wrong, or missing in production
 */
export function openPersonalDataKeys(settings: KeySettings): PersonalDataKeys {
  const { personalDataKeys, personalDataAlgorithm } = settings;
  const source =
    personalDataKeys === undefined
      ? new SecretFile(secretFile(settings), !settings.production)
      : fixedSecrets(parseSecrets(personalDataKeys));
  return new PersonalDataKeys(personalDataAlgorithm, source);
}

/** @throws CataloguedError CONFIGURATION_INVALID */
export function secretFile({ dataDir, personalDataKeysFile, production }: KeySettings): string {
  if (personalDataKeysFile !== undefined) return personalDataKeysFile;
  if (!production) return join(dataDir, 'keys', 'personal-data.keys');
  throw new CataloguedError(
    'CONFIGURATION_INVALID',
    'NODE_ENV is "production", where no key is made up: set PERSONAL_DATA_KEYS (id:base64,…) or PERSONAL_DATA_KEYS_FILE',
  );
}
