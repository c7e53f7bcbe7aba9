import { describe, expect, test } from 'vitest';
import { AUDIT_STORE } from '../../../../subgraphs/kit/audit/audit-store.js';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { STORES } from '../../../support/stores.js';

describe.each(STORES)('the tables of the audit on $name', ({ skip, open }) => {
  test.skipIf(skip)('are what the migrations make', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'acceptance-audit'), AUDIT_STORE);
    expect(await missingStatements(store)).toEqual([]);
  });
});
