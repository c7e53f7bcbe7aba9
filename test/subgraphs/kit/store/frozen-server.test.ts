import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { toldOfStore } from '../../../../subgraphs/kit/store/store-fault.js';
import { transaction } from '../../../../subgraphs/kit/store/transaction.js';
import { CATALOG_STORE, knownDepartments } from '../../../../subgraphs/platform/catalog/tables.js';
import { mariadbInstalled, OwnMariaDb } from '../../../support/own-mariadb.js';

/** Milliseconds that a gateway waits for a subgraph, by default. */
const GATEWAY_WAITS = 5_000;

describe.skipIf(!mariadbInstalled)(`a database server that is frozen${mariadbInstalled ? '' : ' (skipped: no mariadbd here)'}`, () => {
  const stack = new AsyncDisposableStack();
  let server: OwnMariaDb;
  let store: Store;
  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'acceptance-frozen-'));
    stack.defer(() => rm(directory, { recursive: true, force: true }));
    server = stack.use(await OwnMariaDb.start(directory));
    store = stack.use(await openStore(storeAddress(server.url(), 'catalog'), CATALOG_STORE));
  });
  afterAll(() => stack.disposeAsync());

  test('is told of before the gateway gives the subgraph up, and nothing needs a restart afterwards', async () => {
    const read = () => store.fork().count(knownDepartments);
    expect(await read()).toBe(0);
    server.process.signal('SIGSTOP');
    try {
      const began = performance.now();
      const told = await Promise.all(
        [read, read, () => transaction(store.fork(), async (tx) => tx.count(knownDepartments))].map((work) =>
          work().then(
            () => 'it went well',
            (error: unknown) => toldOfStore(error)?.code,
          ),
        ),
      );
      expect(told).toEqual(['STORE_UNAVAILABLE', 'STORE_UNAVAILABLE', 'STORE_UNAVAILABLE']);
      expect(performance.now() - began).toBeLessThan(GATEWAY_WAITS);
    } finally {
      server.process.signal('SIGCONT');
    }
    expect(await read()).toBe(0);
  });

  test('is told from one that is at work for long', async () => {
    const rows = await store.fork().execute<{ slept: number }[]>('select sleep(3) as slept');
    expect(rows).toEqual([{ slept: 0 }]);
  });
});
