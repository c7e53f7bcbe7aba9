import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PLATFORM_PARTY } from '../../../subgraphs/kit/exchange/exchange-keys.js';
import { openInternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { readSettings } from '../../config/read-settings.js';
import { createDemoIssuer } from '../../security/demo-issuer.js';
import { certificateKeyFile, internalKeyFile, openExchangeKeys } from '../environment.js';
import { type Command, UsageError } from './command.js';

export const keysMakeCommand: Command = {
  name: 'keys make',
  summary: 'makes the keys that are not there yet, for parts that run on several machines',
  usage: 'keys make [<department> …]',
  help: `Makes under DATA_DIR/keys: internal.json (signs calls to subgraphs), certificates.json (signs documents and e-certificates),
exchange/platform.json, and exchange/<department>.json of each department named. What is there stays as it is. In production
no part makes a key by itself, as parts on other machines would not have it: give them these files, read-only.

  DATA_DIR=secrets npx acceptance keys make drug housing`,
  async run(args) {
    const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
    const wrong = positionals.find((code) => !/^[a-z][a-z0-9-]{0,31}$/.test(code));
    if (wrong !== undefined) throw new UsageError(`${JSON.stringify(wrong)} is no department's code`);
    const { subgraphs, gateway } = readSettings(process.env, 'commands');
    const settings = { ...subgraphs, production: false };
    await mkdir(join(settings.dataDir, 'keys'), { recursive: true, mode: 0o700 });
    await openInternalKeys(internalKeyFile(settings));
    await openInternalKeys(certificateKeyFile(settings));
    const exchange = openExchangeKeys(settings);
    for (const party of [PLATFORM_PARTY, ...positionals]) await exchange.signingKey(party);
    if (!gateway.production && gateway.issuers.length === 0) await createDemoIssuer(join(settings.dataDir, 'keys', 'demo-issuer.json'));
    console.log(`keys are under ${join(settings.dataDir, 'keys')}`);
    return 0;
  },
};
