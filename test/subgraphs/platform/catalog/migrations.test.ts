import { describe, expect, test } from 'vitest';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { CATALOG_STORE } from '../../../../subgraphs/platform/catalog/tables.js';
import { STORES } from '../../../support/stores.js';

/**
 * What the MySQL driver takes for differences on MariaDB, which has no JSON type of its own, but text with a check, and
 * says of a nullable column that its default is the word NULL.
 */
const MARIADB_WAYS = /drop constraint|modify `\w+` (json not null|varchar\(\d+\) null)$/;

describe.each(STORES)('the catalogue on $name', ({ name, skip, open }) => {
  const drivers = name.startsWith('node:sqlite') ? ['file:'] : ['mariadb:', 'mysql:'];

  test.skipIf(skip).each(drivers)('its tables and its migrations agree (%s)', async (driver) => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url.replace(/^\w+:/, driver), 'catalog'), CATALOG_STORE);
    expect((await missingStatements(store)).filter((statement) => !MARIADB_WAYS.test(statement))).toEqual([]);
  });
});
