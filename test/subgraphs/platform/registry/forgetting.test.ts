import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { REGISTRY_STORE } from '../../../../subgraphs/platform/registry/tables.js';
import { keepForgetting } from '../../../../subgraphs/platform/registry/usage/forgetting.js';
import { recordUsage } from '../../../../subgraphs/platform/registry/usage/record-usage.js';
import { operationFields, operations, operationUses } from '../../../../subgraphs/platform/registry/usage/tables.js';
import { STORES } from '../../../support/stores.js';

describe.each(STORES)('the use of fields on $name', ({ skip, open }) => {
  test.skipIf(skip)('is forgotten with its operation once no client has run it in the window', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'registry'), REGISTRY_STORE);
    const use = { name: 'Q', document: '{ a }', count: 1, coordinates: ['Query.a', 'T.a'] };
    const [old, recent] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')];
    await recordUsage(store, [
      { ...use, hash: 'gone', client: 'web', lastSeen: old },
      { ...use, hash: 'kept', client: 'web', lastSeen: old },
      { ...use, hash: 'kept', client: 'app', lastSeen: recent },
    ]);
    // the first round is made at once, and waited for
    const keeping = keepForgetting({ store, usedSince: () => new Date('2026-02-01T00:00:00Z'), log: pino({ level: 'silent' }) });
    await keeping[Symbol.asyncDispose]();
    const em = store.fork();
    expect((await em.find(operations, {})).map(({ hash }) => hash)).toEqual(['kept']);
    expect(await em.find(operationUses, {})).toMatchObject([{ hash: 'kept', client: 'app' }]);
    expect((await em.find(operationFields, {})).map(({ hash }) => hash)).toEqual(['kept', 'kept']);
  });
});
