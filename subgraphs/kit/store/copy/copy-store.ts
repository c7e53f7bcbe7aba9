import { CataloguedError } from '../../errors/catalogued-error.js';
import { ensureDatabase } from '../migrate.js';
import { openStore, type StoreDefinition } from '../open-store.js';
import type { StoreAddress } from '../store-address.js';
import { DEFAULT_LIMITS } from '../store-limits.js';
import { MARK_TABLE } from '../unfinished-copy.js';
import { type CopiedTable, copiedTables, NOT_COPIED, OF_MIGRATIONS } from './copied-tables.js';
import { openRawStore, type RawRow, type RawStore } from './raw-store.js';
import { sameContent, type TableContent, TableDigest } from './table-digest.js';

/** What is written at once, whichever is reached first; so much of a store is held in memory. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 1024 * 1024;

export interface StoreCopy {
  readonly from: StoreAddress;
  readonly to: StoreAddress;
  readonly definition: StoreDefinition;
  /** Begins anew where a copy into the same target was broken off. */
  readonly again?: boolean | undefined;
  /** Told now and then how far a table is. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
}

export interface CopyProgress {
  readonly step: 'copied' | 'verified';
  readonly table: string;
  readonly rows: number;
  readonly of: number;
}

/** What was copied, table by table, and found to be the same in source and target. */
export interface CopiedStore {
  readonly tables: Readonly<Record<string, TableContent>>;
  readonly notCopied: readonly string[];
}

/**
 * Copies a store into an empty one of whichever dialect, and reads both again in the end: all three readings are the same,
 * or it fails. Until it has succeeded the target is marked, and no subgraph starts on it.
 * @throws CataloguedError STORE_IN_USE, STORE_VERSION, STORE_NOT_EMPTY, STORE_UNFINISHED, STORE_COPY_DIFFERS
 */
export async function copyStore({ from, to, definition, again = false, onProgress }: StoreCopy): Promise<CopiedStore> {
  const tables = await copiedTables(definition);
  await using source = await openRawStore(from);
  await refuseOtherVersion(source, from, definition, tables);
  await refuseInUse(source);
  await beginTarget(to, definition, again);
  await using target = await openRawStore(to);
  if (again) for (const { name } of tables) await target.run(`delete from \`${name}\``);

  await source.freeze();
  const copied = new Map<string, TableContent>();
  for (const table of tables) copied.set(table.name, await copyTable(source, target, table, onProgress));
  // as it is by now
  await source.freeze();
  for (const table of tables) {
    const expected = copied.get(table.name) ?? { rows: 0, hash: '' };
    const now = await contentOf(source, table);
    if (!sameContent(now, expected)) throw written(`${table.name} was changed while it was copied`);
    const there = await contentOf(target, table);
    if (!sameContent(there, expected)) throw differs(table.name, expected, there);
    onProgress?.({ step: 'verified', table: table.name, rows: there.rows, of: there.rows });
  }
  await refuseInUse(source);
  await target.run(`drop table ${MARK_TABLE}`);
  return { tables: Object.fromEntries(copied), notCopied: NOT_COPIED };
}

async function refuseOtherVersion(
  source: RawStore,
  { dialect }: StoreAddress,
  { migrations }: StoreDefinition,
  tables: readonly CopiedTable[],
): Promise<void> {
  const layout = await source.layout();
  if (layout.has(MARK_TABLE))
    throw new CataloguedError('STORE_UNFINISHED', 'the source itself is a copy that was broken off: it has a part of what it should have');
  const done = layout.has('mikro_orm_migrations') ? new Set(await source.column('mikro_orm_migrations', 'name')) : new Set<string>();
  if (done.size === 0)
    throw new CataloguedError('STORE_VERSION', 'the source is no store of this subgraph: nothing was ever migrated in it');
  const known = migrations[dialect].map(({ name }) => name);
  const missing = known.filter((name) => !done.has(name));
  if (missing.length > 0)
    throw new CataloguedError(
      'STORE_VERSION',
      `the source is older than this version and lacks ${missing.join(', ')}: start its subgraph once with this version, stop it, and copy then`,
    );
  const newer = [...done].filter((name) => !known.includes(name));
  if (newer.length > 0)
    throw new CataloguedError('STORE_VERSION', `the source is newer than this version, which does not know ${newer.join(', ')}`);
  const strange = [...layout.keys()].filter(
    (name) => !tables.some((table) => table.name === name) && !NOT_COPIED.includes(name) && !OF_MIGRATIONS.includes(name),
  );
  if (strange.length > 0)
    throw new CataloguedError(
      'STORE_VERSION',
      `the source has tables that are not of this subgraph, and would be left behind: ${strange.join(', ')}`,
    );
}

async function refuseInUse(source: RawStore): Promise<void> {
  if (!(await source.layout()).has('lease')) return;
  const seconds = await source.leased();
  if (seconds > 0)
    throw written(`an instance works on it: stop all of them; the lease of one that was killed ends in ${Math.ceil(seconds)} s`);
}

const written = (how: string) =>
  new CataloguedError(
    'STORE_IN_USE',
    `the source is being written to (${how}). What comes after a copy is not in it and would be lost: stop whoever writes, then copy`,
  );

async function beginTarget(to: StoreAddress, definition: StoreDefinition, again: boolean): Promise<void> {
  if (to.dialect === 'mysql') await ensureDatabase(to, DEFAULT_LIMITS.connectTimeout);
  {
    // before anything is changed in it
    await using target = await openRawStore(to);
    const layout = await target.layout();
    if (layout.has(MARK_TABLE)) {
      if (!again)
        throw new CataloguedError(
          'STORE_UNFINISHED',
          'the target has a copy that was broken off, or that is still being made; `--again` empties it and begins anew',
        );
      return;
    }
    for (const name of layout.keys())
      if (!OF_MIGRATIONS.includes(name) && (await target.count(name)) > 0)
        throw new CataloguedError('STORE_NOT_EMPTY', `the target is not empty (${name} has rows); only an empty store is copied into`);
  }
  await (await openStore(to, definition))[Symbol.asyncDispose]();
  await using target = await openRawStore(to);
  await target.run(`create table ${MARK_TABLE} (begun int not null)`);
}

async function copyTable(
  source: RawStore,
  target: RawStore,
  table: CopiedTable,
  onProgress: StoreCopy['onProgress'],
): Promise<TableContent> {
  const of = await source.count(table.name);
  const digest = new TableDigest(table);
  const tell = () => onProgress?.({ step: 'copied', table: table.name, rows: digest.content.rows, of });
  for await (const batch of inBatches(source.rows(table))) {
    for (const row of batch) digest.add(row);
    try {
      await target.insert(table, batch);
    } catch (error) {
      throw notTaken(table.name, error);
    }
    tell();
  }
  if (of === 0) tell();
  return digest.content;
}

async function* inBatches(rows: AsyncIterable<RawRow>): AsyncIterable<RawRow[]> {
  let batch: RawRow[] = [];
  let bytes = 0;
  for await (const row of rows) {
    batch.push(row);
    for (const value of row) bytes += typeof value === 'number' ? 8 : (value?.length ?? 0);
    if (batch.length < BATCH_ROWS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

async function contentOf(store: RawStore, table: CopiedTable): Promise<TableContent> {
  const digest = new TableDigest(table);
  for await (const row of store.rows(table)) digest.add(row);
  return digest.content;
}

/** By the driver's code alone: its message may have the values of the row. */
function notTaken(table: string, error: unknown): Error {
  const { errno, code } = error as { errno?: unknown; code?: unknown };
  const kind = DATA_FAULTS.get(errno);
  if (kind === undefined) return error as Error;
  return new CataloguedError(
    'STORE_COPY_DIFFERS',
    `the target does not take a row of ${table}: ${kind} (${String(code)}). Nothing of the source was changed`,
  );
}

const DATA_FAULTS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [1062, 'it compares two keys as the same that the source tells apart'],
  [1406, 'a value is longer than its column'],
  [1264, 'a number is out of the range of its column'],
  [1366, 'a value is not of the type of its column'],
  [1292, 'a moment is out of the range of its column'],
  [1153, 'it is larger than max_allowed_packet of the server'],
]);

const differs = (table: string, { rows }: TableContent, there: TableContent) =>
  new CataloguedError(
    'STORE_COPY_DIFFERS',
    `${table} is not the same in the target: ${rows} rows were copied, ${there.rows} are there${rows === there.rows ? ', with another content' : ''}. Somebody else writes to the target, or it keeps values otherwise`,
  );
