import { type EntityName, MikroORM, type Options } from '@mikro-orm/core';
import { type Migration, Migrator } from '@mikro-orm/migrations';
import type { AbstractSqlDriver, SqlEntityManager } from '@mikro-orm/sql';
import { SpanKind } from '@opentelemetry/api';
import type { Pool } from 'mysql2';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { FeedReader } from '../feed/feed-reader.js';
import type { PersonalDataKeys } from '../privacy/personal-data-keys.js';
import { giveStoreKeys } from '../privacy/store-keys.js';
import { currentScope, currentWork } from '../requests/request-scope.js';
import { shapeOf } from '../traces/statement-shape.js';
import { endSpan } from '../traces/traces.js';
import { ensureDatabase, isMigrated, migrateMysql, migrateSqlite } from './migrate.js';
import { STEP_TABLE } from './migration-steps.js';
import { MysqlConnections } from './mysql-connections.js';
import { ownFile } from './own-file.js';
import type { StoreAddress } from './store-address.js';
import { DEFAULT_LIMITS, IDLE_CONNECTION, type PoolUse, type StoreLimits } from './store-limits.js';
import { type StoreTally, tallyOf } from './store-tally.js';
import { refuseUnfinished } from './unfinished-copy.js';

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
  /** Who applies feeds to it in this process; they enter and leave by themselves. */
  readonly readers = new Set<FeedReader>();
  readonly #connections: MysqlConnections | undefined;

  constructor(
    readonly orm: SqlOrm,
    readonly address: StoreAddress,
    connections?: MysqlConnections,
  ) {
    this.#connections = connections;
  }

  /** What this process has asked of it. */
  get tally(): StoreTally {
    return tallyOf(this.orm.em.getPlatform());
  }

  /** Whether the database answers at this moment. */
  async answers(): Promise<boolean> {
    try {
      await this.orm.em.getConnection().execute('select 1');
      return true;
    } catch {
      return false;
    }
  }

  /** A fresh view of the store: one per request and one per subscription event. */
  fork(): SqlEntityManager {
    return this.orm.em.fork();
  }

  /** How its connections are used now; undefined for an embedded store, whose one connection nobody waits for long. */
  pool(): PoolUse | undefined {
    return this.#connections?.use;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.orm.close(true);
  }
}

/**
 * Opens a store and brings its tables up to date. Any number of instances may do so at once: one migrates, the others wait.
 * @param keys what its personal data is sealed with; a store that keeps none needs none
 * @throws MigrationBusy; CataloguedError STORE_UNFINISHED
 */
export async function openStore(
  address: StoreAddress,
  definition: StoreDefinition,
  keys?: PersonalDataKeys,
  limits: StoreLimits = DEFAULT_LIMITS,
): Promise<Store> {
  if (address.dialect === 'mysql') await ensureDatabase(address, limits.connectTimeout);
  const store = await connectStore(address, definition, keys, limits);
  try {
    await refuseUnfinished(store.orm);
    await migrate(store, definition, limits);
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
  return store;
}

async function migrate({ orm, address }: Store, definition: StoreDefinition, limits: StoreLimits): Promise<void> {
  if (await isMigrated(orm, definition.migrations[address.dialect])) return;
  if (address.dialect === 'sqlite') return migrateSqlite(orm);
  await using alone = await connectStore(address, definition, undefined, { ...limits, poolMax: 1, queryTimeout: 0 });
  await migrateMysql(alone.orm);
}

/** Opens a store as it is, for whoever looks after one that a subgraph has brought up to date. */
export async function connectStore(
  address: StoreAddress,
  definition: StoreDefinition,
  keys?: PersonalDataKeys,
  limits: StoreLimits = DEFAULT_LIMITS,
): Promise<Store> {
  const orm = await connect(address, definition, limits);
  countStatements(orm);
  letThrough(orm);
  recordStatements(orm, address);
  if (keys !== undefined) giveStoreKeys(orm.em.getPlatform(), keys);
  if (address.dialect === 'sqlite') return new Store(orm, address);
  const client = await (orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> }).getNativeClient();
  return new Store(orm, address, new MysqlConnections(client, address.url, limits));
}

/** The driver tells its logger of every statement, whether or not anything is to be logged. */
function countStatements(orm: SqlOrm): void {
  const tally = tallyOf(orm.em.getPlatform());
  const logger = orm.config.getLogger();
  const log = logger.logQuery.bind(logger);
  logger.logQuery = (context) => {
    tally.sent(context.query ?? '');
    log(context);
  };
}

/** Has statements recorded, by their shape, where the request that they are for is. */
function recordStatements(orm: SqlOrm, { dialect, kind }: StoreAddress): void {
  const connection = orm.em.getConnection() as unknown as ConnectionInside;
  const execute = connection.executeQuery.bind(connection);
  const system = dialect === 'sqlite' ? 'sqlite' : kind;
  connection.executeQuery = async (sql, send, context) => {
    const work = currentWork();
    if (work === undefined) return execute(sql, send, context);
    const { operation, summary, text } = shapeOf(sql);
    const span = work.traces.begin(summary, {
      kind: SpanKind.CLIENT,
      parent: work.span.spanContext(),
      attributes: { 'db.system.name': system, 'db.operation.name': operation, 'db.query.summary': summary, 'db.query.text': text },
    });
    try {
      const result = await execute(sql, send, context);
      endSpan(span);
      return result;
    } catch (error) {
      endSpan(span, (error as Error).name);
      throw error;
    }
  };
}

/** MikroORM sends every statement through it, and tells nobody before. */
interface ConnectionInside {
  executeQuery(sql: string, send: () => Promise<unknown>, context?: object): Promise<unknown>;
}

/** What stops a statement before it is sent (see `onQuery`) is no fault of the driver, which would make one of it. */
function letThrough(orm: SqlOrm): void {
  const driver = orm.em.getDriver();
  const convert = driver.convertException.bind(driver);
  driver.convertException = (error) => (error instanceof CataloguedError ? error : convert(error));
}

async function connect(address: StoreAddress, { tables, migrations }: StoreDefinition, limits: StoreLimits): Promise<SqlOrm> {
  const { poolMax, connectTimeout } = limits;
  const common = {
    entities: [...tables],
    extensions: [Migrator],
    dataloader: true,
    forceUtcTimezone: true,
    // before it is sent: what nobody waits for any more is not asked
    onQuery: (sql) => {
      currentScope()?.check();
      return sql;
    },
    schemaGenerator: { skipTables: [STEP_TABLE] },
    migrations: {
      migrationsList: migrations[address.dialect].map((migration) => ({ name: migration.name, class: migration.class })),
      snapshot: false,
      silent: true,
      // MySQL commits with every statement that changes a table, whatever it is told: see MigrationSteps
      ...(address.dialect === 'mysql' && { transactional: false, allOrNothing: false }),
    },
  } satisfies Partial<Options>;
  if (address.dialect === 'mysql') {
    const server = {
      ...common,
      clientUrl: address.url,
      charset: 'utf8mb4',
      ensureDatabase: false,
      // idle ones are given up before the server does
      pool: { min: 0, max: poolMax, idleTimeoutMillis: (IDLE_CONNECTION * 1_000) / 2 },
      driverOptions: { connectTimeout, enableKeepAlive: true, keepAliveInitialDelay: 10_000 },
    } satisfies Partial<Options>;
    if (address.kind === 'mysql') {
      const { MySqlDriver } = await import('@mikro-orm/mysql');
      return await MikroORM.init({ ...server, driver: MySqlDriver });
    }
    const { MariaDbDriver } = await import('@mikro-orm/mariadb');
    return await MikroORM.init({ ...server, driver: MariaDbDriver });
  }
  if (address.kind === 'file') await ownFile(address.path);
  const { NodeSqliteDialect, SqliteDriver } = await import('@mikro-orm/sql');
  const path = address.kind === 'file' ? address.path : ':memory:';
  const orm = await MikroORM.init({ ...common, driver: SqliteDriver, dbName: path, driverOptions: new NodeSqliteDialect(path) });
  // One connection serves the whole process, so the settings last. A second process waits instead of failing.
  // `full` is what makes a commit survive the machine, not only the process.
  const pragmas = [
    'busy_timeout = 5000',
    'journal_mode = wal',
    `synchronous = ${address.kind === 'file' ? 'full' : 'off'}`,
    'foreign_keys = on',
    // what is deleted or sealed anew leaves nothing readable behind in the file
    'secure_delete = on',
  ];
  for (const pragma of pragmas) await orm.em.getConnection().execute(`pragma ${pragma}`);
  return orm;
}
