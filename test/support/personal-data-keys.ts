import { PersonalDataKeys } from '../../subgraphs/kit/privacy/personal-data-keys.js';
import { fixedSecrets } from '../../subgraphs/kit/privacy/secret-source.js';

/** The same in every test and process, so that a store may be opened again. */
export function testKeys(): PersonalDataKeys {
  return new PersonalDataKeys('aes-256-gcm', fixedSecrets([{ id: 'test', secret: Buffer.alloc(32, 7) }]));
}
