import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { verifyArchive } from '../../../subgraphs/platform/acceptance/archive/verify-archive.js';
import { type Command, UsageError } from './command.js';

export const archiveVerifyCommand: Command = {
  name: 'archive verify',
  summary: 'verifies a sealed dossier, down to its last byte',
  usage: 'archive verify <file.zip> [--keys <file or url>] [--json]',
  help: `Needs nothing but the file: no ledger, no store. Without --keys it says whether the dossier is whole; with the platform's public
keys (the ledger publishes them at /certificate-keys), also whether the platform sealed it. Exit code 1 when anything is wrong.

  npx acceptance archive verify 410000DRUG2026….zip --keys https://files.example.gov.cn/certificate-keys`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { keys: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) throw new UsageError('name one file');
    const result = await verifyArchive(file, values.keys === undefined ? undefined : await publicKeys(values.keys));
    const { valid, problems, manifest, authentic } = result;
    if (values.json) {
      console.log(
        JSON.stringify({ valid, authentic, problems, caseNumber: manifest?.caseNumber ?? null, entries: manifest?.entries.length ?? 0 }),
      );
    } else if (valid) {
      console.log(`${manifest?.caseNumber}: whole and unchanged, ${manifest?.entries.length} files, sealed ${manifest?.sealedAt}`);
      console.log(authentic ? 'sealed by the owner of the keys given' : 'not checked who sealed it: give --keys');
    } else {
      console.log(`${file} is not as it was sealed:`);
      for (const problem of problems) console.log(`  - ${problem}`);
    }
    return valid ? 0 : 1;
  },
};

async function publicKeys(source: string): Promise<JSONWebKeySet> {
  try {
    const text = /^https?:\/\//.test(source) ? await (await fetch(source)).text() : await readFile(source, 'utf8');
    const content = JSON.parse(text) as JSONWebKeySet & { publicKeys?: JSONWebKeySet };
    // the file in which the platform keeps its keys has the private one too
    const keys = content.publicKeys ?? content;
    createLocalJWKSet(keys);
    return keys;
  } catch {
    throw new UsageError('--keys is no file or address of public keys (JWKS)');
  }
}
