import { describe, expect, test } from 'vitest';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { SUPERVISION_STORE } from '../../../../subgraphs/platform/supervision/store/definition.js';
import { alerts } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { STORES } from '../../../support/stores.js';

describe.each(STORES)('the tables of supervision on $name', ({ skip, open }) => {
  test.skipIf(skip)('are what the migrations make', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'supervision'), SUPERVISION_STORE);
    expect(await missingStatements(store)).toEqual([]);
  });

  test.skipIf(skip)('are made and read by the other driver of the dialect too', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url.replace(/^mariadb:/, 'mysql:'), 'supervision'), SUPERVISION_STORE);
    expect(await store.fork().count(alerts)).toBe(0);
  });
});
