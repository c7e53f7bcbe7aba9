import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type EntityName, MikroORM, type Options } from '@mikro-orm/core';
import { type Migration, Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql';
import type { PersonalDataKeys } from '../privacy/personal-data-keys.js';
import { giveStoreKeys } from '../privacy/store-keys.js';
import type { StoreAddress } from './store-address.js';

export type SqlOrm = MikroORM<AbstractSqlDriver, SqlEntityManager>;

export interface NamedMigration {
  /** Sorts after every earlier one; never changes once it has run anywhere. */
  readonly name: string;
  readonly class: new (...args: ConstructorParameters<typeof Migration>) => Migration;
}

/** The tables a subgraph keeps, and how each dialect makes them. */
export interface StoreDefinition {
  readonly tables: readonly EntityName[];
  readonly migrations: { readonly sqlite: readonly NamedMigration[]; readonly mysql: readonly NamedMigration[] };
}

/** A subgraph's store, migrated and open. */
export class Store implements AsyncDisposable {
  constructor(
    readonly orm: SqlOrm,
    readonly address: StoreAddress,
  ) {}

  /** A fresh view of the store: one per request and one per subscription event. */
  fork(): SqlEntityManager {
    return this.orm.em.fork();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.orm.close(true);
  }
}

/**
 * Opens a store and brings its tables up to date.
 * @param keys what its personal data is sealed with; a store that keeps none needs none
 */
export async function openStore(address: StoreAddress, definition: StoreDefinition, keys?: PersonalDataKeys): Promise<Store> {
  const store = await connectStore(address, definition, keys);
  try {
    await store.orm.migrator.up();
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  return store;
}

/** Opens a store as it is, for whoever looks after one that a subgraph has brought up to date. */
export async function connectStore(address: StoreAddress, definition: StoreDefinition, keys?: PersonalDataKeys): Promise<Store> {
  const orm = await connect(address, definition);
  if (keys !== undefined) giveStoreKeys(orm.em.getPlatform(), keys);
  return new Store(orm, address);
}

async function connect(address: StoreAddress, { tables, migrations }: StoreDefinition): Promise<SqlOrm> {
  const common = {
    entities: [...tables],
    extensions: [Migrator],
    dataloader: true,
    forceUtcTimezone: true,
    migrations: {
      migrationsList: (address.dialect === 'mysql' ? migrations.mysql : migrations.sqlite).map((migration) => ({
        name: migration.name,
        class: migration.class,
      })),
      snapshot: false,
      silent: true,
    },
  } satisfies Partial<Options>;
  if (address.kind === 'mysql') {
    const { MySqlDriver } = await import('@mikro-orm/mysql');
    return ready(await MikroORM.init({ ...common, driver: MySqlDriver, clientUrl: address.url, charset: 'utf8mb4' }));
  }
  if (address.kind === 'mariadb') {
    const { MariaDbDriver } = await import('@mikro-orm/mariadb');
    return ready(await MikroORM.init({ ...common, driver: MariaDbDriver, clientUrl: address.url, charset: 'utf8mb4' }));
  }
  if (address.kind === 'file') await ownFile(address.path);
  const { NodeSqliteDialect, SqliteDriver } = await import('@mikro-orm/sql');
  const path = address.kind === 'file' ? address.path : ':memory:';
  const orm = await MikroORM.init({ ...common, driver: SqliteDriver, dbName: path, driverOptions: new NodeSqliteDialect(path) });
  // One connection serves the whole process, so the settings last. A second process waits instead of failing.
  // `full` is what makes a commit survive the machine, not only the process.
  const pragmas = [
    'journal_mode = wal',
    `synchronous = ${address.kind === 'file' ? 'full' : 'off'}`,
    'busy_timeout = 5000',
    'foreign_keys = on',
    // what is deleted or sealed anew leaves nothing readable behind in the file
    'secure_delete = on',
  ];
  for (const pragma of pragmas) await orm.em.getConnection().execute(`pragma ${pragma}`);
  return orm;
}

/**
 * Makes the file, or finds it, readable and writable by its owner alone; SQLite gives the files beside it the same mode.
 * A directory that was there before is left as it is: it may be somebody else's.
 */
async function ownFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.chmod(0o600);
  } finally {
    await file.close();
  }
}

/** Makes the database itself when it is not there yet. */
async function ready(orm: unknown): Promise<SqlOrm> {
  const sql = orm as SqlOrm;
  await sql.schema.ensureDatabase();
  return sql;
}
