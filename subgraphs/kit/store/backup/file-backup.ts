import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { copyFile, open, rename, rm, stat } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { CataloguedError } from '../../errors/catalogued-error.js';
import { ownFile } from '../own-file.js';
import { MARK_TABLE } from '../unfinished-copy.js';

/** What tells a backup of one store from another one, and from one that was damaged. */
export interface FileBackup {
  readonly bytes: number;
  readonly sha256: string;
  /** The last migration that it has. */
  readonly migration: string;
  /** Where its own feed stood; null where it has none. */
  readonly feed: { readonly id: string; readonly position: number } | null;
}

/**
 * Writes a node:sqlite store as it is at one moment into a new file, while it is being used. The file is a whole store.
 * @throws CataloguedError STORE_NOT_EMPTY when the file is there; STORE_UNFINISHED, STORE_VERSION for what is no whole store
 */
export async function backUpFile(store: string, file: string): Promise<FileBackup> {
  if (existsSync(file)) throw new CataloguedError('STORE_NOT_EMPTY', `there is a backup ${file} already`);
  await ownFile(file);
  try {
    {
      using database = opened(store);
      // in one reading transaction, page by page, without the log beside it
      database.prepare('vacuum into ?').run(file);
    }
    await flushed(file);
    return await describe(file);
  } catch (error) {
    // what is there is no backup
    await rm(file, { force: true });
    throw error;
  }
}

/**
 * Puts a backup in the place of a store, all of it or nothing. A store that is there is put aside when that is allowed.
 * @returns where it was put, when there was one
 * @throws CataloguedError STORE_COPY_DIFFERS for a damaged backup; STORE_NOT_EMPTY when there is a store; STORE_IN_USE
 */
export async function restoreFile(
  backup: string,
  expected: Pick<FileBackup, 'bytes' | 'sha256'>,
  { store, replace, now }: { store: string; replace: boolean; now: Date },
): Promise<string | undefined> {
  const found = existsSync(backup) ? await digestOf(backup) : undefined;
  if (found?.sha256 !== expected.sha256 || found.bytes !== expected.bytes)
    throw new CataloguedError('STORE_COPY_DIFFERS', `${backup} is not the file that was backed up: it was changed or damaged`);
  const there = existsSync(store) && (await stat(store)).size > 0;
  if (there && !replace)
    throw new CataloguedError(
      'STORE_NOT_EMPTY',
      `there is a store at ${store}; with --replace it is put aside, and stays beside the restored one`,
    );
  if (there) refuseInUse(store);
  const part = `${store}.part`;
  await ownFile(part);
  await copyFile(backup, part);
  await flushed(part);
  const aside = there ? `${store}.before-${now.toISOString().replaceAll(/[:.]/g, '-')}` : undefined;
  // what is beside the file belongs to it: SQLite would read it into another one
  for (const suffix of ['-wal', '-shm', '']) {
    if (!existsSync(store + suffix)) continue;
    if (aside === undefined) await rm(store + suffix);
    else await rename(store + suffix, aside + suffix);
  }
  await rename(part, store);
  return aside;
}

/** A database as SQLite has it after a crash, too. */
function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('pragma busy_timeout = 5000');
  return database;
}

function refuseInUse(store: string): void {
  using database = opened(store);
  const [leases] = tables(database, 'lease');
  if (leases === undefined) return;
  const row = database.prepare("select max(until) / 1000.0 - unixepoch('subsec') as left from lease").get();
  const left = Number(row?.['left'] ?? 0);
  if (left > 0)
    throw new CataloguedError(
      'STORE_IN_USE',
      `an instance works on ${store}: stop all of them; the lease of one that was killed ends in ${Math.ceil(left)} s`,
    );
}

async function describe(file: string): Promise<FileBackup> {
  using database = opened(file);
  if (tables(database, MARK_TABLE).length > 0)
    throw new CataloguedError('STORE_UNFINISHED', 'it is a copy that was broken off, and has a part of what it should have');
  if (tables(database, 'mikro_orm_migrations').length === 0)
    throw new CataloguedError('STORE_VERSION', 'it is no store of a subgraph: nothing was ever migrated in it');
  const migration = database.prepare('select name from mikro_orm_migrations order by id desc limit 1').get()?.['name'];
  const head =
    tables(database, 'feed_head').length > 0 ? database.prepare('select feed_id as id, position from feed_head').get() : undefined;
  return {
    ...(await digestOf(file)),
    migration: String(migration),
    feed: head === undefined ? null : { id: String(head['id']), position: Number(head['position']) },
  };
}

function tables(database: DatabaseSync, name: string): unknown[] {
  return database.prepare("select 1 from sqlite_master where type = 'table' and name = ?").all(name);
}

async function digestOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.byteLength;
  }
  return { bytes, sha256: hash.digest('hex') };
}

async function flushed(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
