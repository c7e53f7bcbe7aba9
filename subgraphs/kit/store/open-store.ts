import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type EntityName, MikroORM, type Options } from '@mikro-orm/core';
import { type Migration, Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql';
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

/** Opens a store and brings its tables up to date. */
export async function openStore(address: StoreAddress, definition: StoreDefinition): Promise<Store> {
  const orm = await connect(address, definition);
  try {
    await orm.migrator.up();
  } catch (error) {
    await orm.close(true);
    throw error;
  }
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
  if (address.kind === 'file') await mkdir(dirname(address.path), { recursive: true });
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
  ];
  for (const pragma of pragmas) await orm.em.getConnection().execute(`pragma ${pragma}`);
  return orm;
}

/** Makes the database itself when it is not there yet. */
async function ready(orm: unknown): Promise<SqlOrm> {
  const sql = orm as SqlOrm;
  await sql.schema.ensureDatabase();
  return sql;
}
