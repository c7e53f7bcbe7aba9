import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DeadlockException, LockWaitTimeoutException, TableExistsException, TableNotFoundException } from '@mikro-orm/core';
import { createConnection } from 'mysql2/promise';
import type { NamedMigration, SqlOrm } from './open-store.js';
import type { StoreAddress } from './store-address.js';

/** Seconds that an instance waits for another one that migrates. */
const PATIENCE = 300;

/** Another instance is migrating the store, and does not come to an end. */
export class MigrationBusy extends Error {
  override readonly name = 'MigrationBusy';
}

/** Names of the migrations that have run; undefined where none ever has. */
export async function migrated({ em }: SqlOrm): Promise<Set<string> | undefined> {
  try {
    const rows = await em.fork().execute<{ name: string }[]>('select `name` from `mikro_orm_migrations`');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof TableNotFoundException) return undefined;
    throw error;
  }
}

/** Whether a store has all of these migrations. */
export async function isMigrated(orm: SqlOrm, migrations: readonly NamedMigration[]): Promise<boolean> {
  const done = await migrated(orm);
  return done !== undefined && migrations.every(({ name }) => done.has(name));
}

/**
 * Brings a MySQL or MariaDB store up to date, one instance at a time. The lock belongs to the connection that migrates: a
 * statement that still runs after its process has died keeps the next instance waiting, as it must.
 * @param orm with one connection and no limit on how long a statement may take
 * @throws MigrationBusy
 */
export async function migrateMysql(orm: SqlOrm): Promise<void> {
  const em = orm.em.fork();
  // the lock's name may have 64 characters, and is shared by all databases of the server
  const name = `migrate:${createHash('sha256')
    .update(String(orm.config.get('dbName')))
    .digest('hex')
    .slice(0, 40)}`;
  const [row] = await em.execute<{ got: number | null }[]>('select get_lock(?, ?) as got', [name, PATIENCE]);
  if (Number(row?.got) !== 1) throw new MigrationBusy(`another instance has been migrating the store for ${PATIENCE} s`);
  try {
    await orm.migrator.up();
  } finally {
    await em.execute('select release_lock(?)', [name]).catch(() => {});
  }
}

/**
 * Brings a SQLite store up to date in one transaction that has the file for itself: a second process waits, and one that
 * dies in the middle leaves everything as it was.
 * @throws MigrationBusy
 */
export async function migrateSqlite(orm: SqlOrm): Promise<void> {
  const end = performance.now() + PATIENCE * 1_000;
  for (let attempt = 1; ; attempt++) {
    try {
      // makes the table it notes them in
      await orm.migrator.getExecuted();
      await orm.em.getConnection().transactional(async (transaction) => {
        // a write first: it is what waits for other processes
        await orm.em.getConnection().execute('pragma user_version = 1', [], 'run', transaction);
        await orm.migrator.up({ transaction });
      });
      return;
    } catch (error) {
      const another =
        error instanceof LockWaitTimeoutException || error instanceof DeadlockException || error instanceof TableExistsException;
      if (!another) throw error;
      if (performance.now() > end) throw new MigrationBusy(`another process has been migrating the store for ${PATIENCE} s`);
      await setTimeout(Math.random() * Math.min(20 * 2 ** attempt, 1_000));
    }
  }
}

/** Makes a store's database where it is missing; of several that make it at once, one does. */
export async function ensureDatabase(address: StoreAddress & { dialect: 'mysql' }, connectTimeout: number): Promise<void> {
  const url = new URL(address.url);
  const database = decodeURIComponent(url.pathname.slice(1));
  url.protocol = 'mysql:';
  const own = url.href;
  try {
    await (await createConnection({ uri: own, connectTimeout })).end();
  } catch (error) {
    if ((error as { errno?: unknown }).errno !== 1049) throw error;
    url.pathname = '';
    const server = await createConnection({ uri: url.href, connectTimeout });
    try {
      await server.query(`create database if not exists \`${database.replaceAll('`', '``')}\` character set utf8mb4`);
    } finally {
      await server.end();
    }
  }
}
