import { DatabaseSync } from 'node:sqlite';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transport } from '../../../../../subgraphs/departments/transport/index.js';
import { AUDIT_STORE } from '../../../../../subgraphs/kit/audit/audit-store.js';
import { departmentStore } from '../../../../../subgraphs/kit/department/department-store.js';
import { leases } from '../../../../../subgraphs/kit/leases/lease-table.js';
import { copiedTables } from '../../../../../subgraphs/kit/store/copy/copied-tables.js';
import { copyStore } from '../../../../../subgraphs/kit/store/copy/copy-store.js';
import { openRawStore } from '../../../../../subgraphs/kit/store/copy/raw-store.js';
import { openStore, type StoreDefinition } from '../../../../../subgraphs/kit/store/open-store.js';
import { type StoreAddress, storeAddress } from '../../../../../subgraphs/kit/store/store-address.js';
import { LEDGER_STORE } from '../../../../../subgraphs/platform/acceptance/store/definition.js';
import { CATALOG_STORE } from '../../../../../subgraphs/platform/catalog/tables.js';
import { REGISTRY_STORE } from '../../../../../subgraphs/platform/registry/tables.js';
import { openFiles, STORES, type TestStore } from '../../../../support/stores.js';
import { randomOf, randomRows } from './random-rows.js';

const [, mariadb] = STORES;
/** Between them they have every kind of column. */
const DEFINITIONS: Record<string, StoreDefinition> = {
  registry: REGISTRY_STORE,
  acceptance: LEDGER_STORE,
  transport: departmentStore(transport.extension),
};

let files: TestStore;
beforeAll(async () => {
  files = await openFiles();
});
afterAll(() => files[Symbol.asyncDispose]());

let made = 0;
const fresh = () => storeAddress(`${files.url}/${++made}`, 'copied') as StoreAddress & { kind: 'file' };

async function filled(definition: StoreDefinition, rows: (table: string) => number, seed = 1, limits = new Map()): Promise<StoreAddress> {
  const address = fresh();
  await (await openStore(address, definition))[Symbol.asyncDispose]();
  await using raw = await openRawStore(address);
  const random = randomOf(seed);
  for (const table of await copiedTables(definition)) {
    const some = randomRows(table, rows(table.name), random, limits);
    if (some.length > 0) await raw.insert(table, some);
  }
  return address;
}

/** At once, by another connection. */
function change(address: StoreAddress, sql: string): void {
  if (address.kind !== 'file') throw new Error('no file');
  const database = new DatabaseSync(address.path);
  database.exec(sql);
  database.close();
}

describe.skipIf(mariadb?.skip ?? true)(`from node:sqlite to ${mariadb?.name} and back`, () => {
  let server: TestStore;
  beforeAll(async () => {
    server = await (mariadb as NonNullable<typeof mariadb>).open();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function limitsOf(address: StoreAddress): Promise<Map<string, { length: number; nullable: boolean }>> {
    if (address.dialect !== 'mysql') throw new Error('no server');
    const connection = await createConnection(address.url.replace(/^mariadb:/, 'mysql:'));
    const [rows] = await connection.query(
      'select concat(table_name, ".", column_name) as name, character_maximum_length as length, is_nullable as n from information_schema.columns where table_schema = database()',
    );
    await connection.end();
    return new Map(
      (rows as { name: string; length: number | null; n: string }[]).map(({ name, length, n }) => [
        name,
        { length: Math.min(length ?? 60, 60), nullable: n === 'YES' },
      ]),
    );
  }

  test.for(Object.keys(DEFINITIONS))('%s: every value comes back as it was', async (name) => {
    const definition = DEFINITIONS[name] as StoreDefinition;
    const middle = storeAddress(server.url, name);
    await (await openStore(middle, definition))[Symbol.asyncDispose]();
    const source = await filled(definition, () => 40, name.length, await limitsOf(middle));
    const there = await copyStore({ from: source, to: middle, definition });
    const end = fresh();
    const back = await copyStore({ from: middle, to: end, definition });
    expect(back).toEqual(there);
    expect(Object.keys(there.tables)).not.toContain('lease');
    // and not by the digest's word alone
    await using first = await openRawStore(source);
    await using last = await openRawStore(end);
    for (const table of await copiedTables(definition)) {
      const json = table.columns.flatMap(({ kind }, index) => (kind === 'json' ? [index] : []));
      const rowsOf = async (raw: typeof first) => {
        const rows: string[] = [];
        for await (const row of raw.rows(table))
          rows.push(
            JSON.stringify(row.map((value, index) => (json.includes(index) && value !== null ? JSON.parse(String(value)) : value))),
          );
        return rows.sort();
      };
      expect(await rowsOf(last), table.name).toEqual(await rowsOf(first));
    }
  });

  test('keys that the target takes for the same are told, and no value of them', async () => {
    const ledger = await filled(LEDGER_STORE, () => 0);
    change(ledger, "insert into feed_applied values ('drug', 'Secret', null, 0), ('drug', 'secret', null, 0)");
    const target = storeAddress(`${server.url}x`, 'collides');
    const failure = await copyStore({ from: ledger, to: target, definition: LEDGER_STORE }).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'STORE_COPY_DIFFERS', message: expect.stringContaining('feed_applied') });
    expect((failure as Error).message).not.toMatch(/secret/i);
    await expect(openStore(target, LEDGER_STORE)).rejects.toMatchObject({ code: 'STORE_UNFINISHED' });
  });
});

describe('a copy', () => {
  const many = (table: string) => (table === 'audit_record' ? 2_500 : 10);

  test('is of more rows than are held at once', async () => {
    const source = await filled(AUDIT_STORE, many);
    const told: number[] = [];
    const { tables } = await copyStore({
      from: source,
      to: fresh(),
      definition: AUDIT_STORE,
      onProgress: ({ step, table, rows }) => step === 'copied' && table === 'audit_record' && told.push(rows),
    });
    expect(tables['audit_record']?.rows).toBe(2_500);
    expect(told).toEqual([500, 1_000, 1_500, 2_000, 2_500]);
  });

  test('is refused into a store that has rows, which stays as it was', async () => {
    const source = await filled(AUDIT_STORE, () => 3);
    const target = await filled(AUDIT_STORE, () => 1, 2);
    await expect(copyStore({ from: source, to: target, definition: AUDIT_STORE })).rejects.toMatchObject({ code: 'STORE_NOT_EMPTY' });
    await expect(copyStore({ from: source, to: target, definition: AUDIT_STORE, again: true })).rejects.toMatchObject({
      code: 'STORE_NOT_EMPTY',
    });
    await using raw = await openRawStore(target);
    expect(await raw.count('audit_record')).toBe(1);
  });

  test('is refused while an instance leads on the source', async () => {
    const source = await filled(CATALOG_STORE, () => 1);
    {
      await using store = await openStore(source, CATALOG_STORE);
      await store.fork().insert(leases, { name: 'catalog', holder: 'somebody', token: 1, until: Date.now() + 60_000 });
    }
    await expect(copyStore({ from: source, to: fresh(), definition: CATALOG_STORE })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    change(source, 'update lease set until = 0');
    const target = fresh();
    await copyStore({ from: source, to: target, definition: CATALOG_STORE });
    await using raw = await openRawStore(target);
    expect(await raw.count('lease')).toBe(0);
  });

  test('of a source that is written to meanwhile fails, passes for nothing whole, and is made anew', async () => {
    const source = await filled(AUDIT_STORE, many);
    const target = fresh();
    let wrote = false;
    const copying = copyStore({
      from: source,
      to: target,
      definition: AUDIT_STORE,
      onProgress({ rows }) {
        if (wrote || rows < 500) return;
        wrote = true;
        change(source, 'delete from exchange_record');
      },
    });
    await expect(copying).rejects.toMatchObject({ code: 'STORE_IN_USE', message: expect.stringContaining('exchange_record') });
    await expect(openStore(target, AUDIT_STORE)).rejects.toMatchObject({ code: 'STORE_UNFINISHED' });
    await expect(copyStore({ from: target, to: fresh(), definition: AUDIT_STORE })).rejects.toMatchObject({ code: 'STORE_UNFINISHED' });
    await expect(copyStore({ from: source, to: target, definition: AUDIT_STORE })).rejects.toMatchObject({ code: 'STORE_UNFINISHED' });
    const { tables } = await copyStore({ from: source, to: target, definition: AUDIT_STORE, again: true });
    expect(tables['exchange_record']?.rows).toBe(0);
    await (await openStore(target, AUDIT_STORE))[Symbol.asyncDispose]();
  });

  test('into a target that somebody else writes to fails', async () => {
    const source = await filled(AUDIT_STORE, many);
    const target = fresh();
    let wrote = false;
    const copying = copyStore({
      from: source,
      to: target,
      definition: AUDIT_STORE,
      onProgress({ table, rows, of }) {
        if (wrote || table !== 'audit_record' || rows < of) return;
        wrote = true;
        change(target, "update audit_record set action = 'another' where position = 7");
      },
    });
    await expect(copying).rejects.toMatchObject({ code: 'STORE_COPY_DIFFERS', message: expect.stringContaining('another content') });
  });

  test.for([
    ["delete from mikro_orm_migrations where name like '%withdrawn%'", 'withdrawn'],
    ["insert into mikro_orm_migrations (name) values ('20990101-later')", '20990101-later'],
    ['create table own_notes (text text)', 'own_notes'],
    ['delete from mikro_orm_migrations', 'no store of this subgraph'],
  ] as const)('of a source of another version is refused: %s', async ([sql, told]) => {
    const source = await filled(CATALOG_STORE, () => 1);
    change(source, sql);
    await expect(copyStore({ from: source, to: fresh(), definition: CATALOG_STORE })).rejects.toMatchObject({
      code: 'STORE_VERSION',
      message: expect.stringContaining(told),
    });
  });
});
