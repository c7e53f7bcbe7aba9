import { describe, expect, test } from 'vitest';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { LEDGER_STORE } from '../../../../subgraphs/platform/acceptance/store/definition.js';
import { cases } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import { STORES } from '../../../support/stores.js';

describe.each(STORES)('the tables of the ledger on $name', ({ skip, open }) => {
  test.skipIf(skip)('are what the migrations make', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'acceptance'), LEDGER_STORE);
    expect(await missingStatements(store)).toEqual([]);
  });

  test.skipIf(skip)('are made and read by the other driver of the dialect too', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url.replace(/^mariadb:/, 'mysql:'), 'acceptance'), LEDGER_STORE);
    expect(await store.fork().count(cases)).toBe(0);
  });
});
