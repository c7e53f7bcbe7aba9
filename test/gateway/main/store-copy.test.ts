import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { namedStores } from '../../../gateway/main/commands/named-stores.js';
import { storeCopyCommand } from '../../../gateway/main/commands/store-copy.js';
import { copiedTables } from '../../../subgraphs/kit/store/copy/copied-tables.js';
import { openRawStore } from '../../../subgraphs/kit/store/copy/raw-store.js';
import { openStore } from '../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { randomOf, randomRows } from '../../subgraphs/kit/store/copy/random-rows.js';
import { openFiles, type TestStore } from '../../support/stores.js';

const ACCEPTANCE = new URL('../../../dist/gateway/main/acceptance.js', import.meta.url).pathname;

function type(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [ACCEPTANCE, 'store', 'copy', ...args], { env: { PATH: process.env['PATH'] ?? '' } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

describe('store copy', () => {
  let files: TestStore;
  beforeAll(async () => {
    files = await openFiles();
    for (const { name, definition } of await namedStores(['catalog', 'drug', 'drug-audit', 'gateway-audit'], files.url)) {
      const address = storeAddress(files.url, name);
      await (await openStore(address, definition))[Symbol.asyncDispose]();
      await using raw = await openRawStore(address);
      for (const table of await copiedTables(definition)) await raw.insert(table, randomRows(table, 3, randomOf(3), new Map()));
    }
  });
  afterAll(() => files[Symbol.asyncDispose]());

  test('copies all stores there are, and says so for a person and for a script', async () => {
    const told = await type('--from', files.url, '--to', `${files.url}/all`);
    expect(told).toMatchObject({ code: 0, out: expect.stringMatching(/^catalog .*rows, the same in both; not copied: lease$/m) });
    expect(told.err).toMatch(/^drug-audit +audit_record +copied +3$/m);
    expect(told.err).toMatch(/^drug-audit +audit_record +verified 3$/m);
    const json = await type('--from', `${files.url}/all`, '--to', `${files.url}/again`, '--json');
    expect(json).toMatchObject({ code: 0, err: '' });
    const { stores } = JSON.parse(json.out);
    expect(Object.keys(stores).sort()).toEqual(['catalog', 'drug', 'drug-audit', 'gateway-audit']);
    expect(stores['drug'].tables['drug_product']).toEqual({ rows: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await stat(join(files.url.slice('file:'.length), 'again', 'drug.db'))).mode & 0o777).toBe(0o600);
  });

  test.for([
    [['catalog'], 'say --from'],
    [['--from', 'nonsense', '--to', 'file:x'], 'mariadb://'],
    [['--from', 'memory:', '--to', 'file:x'], 'of one process'],
    [['--from', 'file:/nowhere/at/all', '--to', 'file:x'], 'no stores at that address'],
    [['nobody', '--from', 'file:/nowhere', '--to', 'file:x'], 'there is no store nobody'],
    [['drug', '--from', 'file:/nowhere', '--to', 'file:x'], 'there is no store drug at --from'],
  ] as const)('%j is asked wrongly', async ([args, message]) => {
    await expect(storeCopyCommand.run(args)).rejects.toMatchObject({ name: 'UsageError', message: expect.stringContaining(message) });
  });

  test('a server that is not there is told without its address', async () => {
    const failure = await storeCopyCommand
      .run(['--from', 'mariadb://somebody:secret@127.0.0.1:1/acceptance', '--to', 'file:x'])
      .catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.not.stringMatching(/secret|somebody|127/) });
  });
});
