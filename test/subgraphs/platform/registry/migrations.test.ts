import { describe, expect, test } from 'vitest';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { REGISTRY_STORE } from '../../../../subgraphs/platform/registry/tables.js';
import { STORES } from '../../../support/stores.js';

/** MariaDB has no JSON type of its own and writes defaults down, which the MySQL driver takes for differences. */
const MARIADB_WAYS = /drop constraint|modify `\w+` (json (not )?null|varchar\(\d+\) (null|not null default 'ACTIVE'))$/;

describe.each(STORES)('the registry on $name', ({ name, skip, open }) => {
  const drivers = name.startsWith('node:sqlite') ? ['file:'] : ['mariadb:', 'mysql:'];

  test.skipIf(skip).each(drivers)('its tables and its migrations agree (%s)', async (driver) => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url.replace(/^\w+:/, driver), 'registry'), REGISTRY_STORE);
    expect((await missingStatements(store)).filter((statement) => !MARIADB_WAYS.test(statement))).toEqual([]);
  });
});
