import { ownFile } from '../own-file.js';
import type { StoreAddress } from '../store-address.js';
import type { CopiedTable } from './copied-tables.js';
import { MysqlRawStore } from './mysql-raw-store.js';
import { SqliteRawStore } from './sqlite-raw-store.js';

/** A value as every dialect means it: integers as digits, moments in milliseconds, JSON as text. */
export type RawValue = string | number | Buffer | null;
/** In the order of the table's columns. */
export type RawRow = readonly RawValue[];

/** One store beneath entities and keys: what is sealed stays as it is. */
export interface RawStore extends AsyncDisposable {
  /** Columns by table. */
  layout(): Promise<ReadonlyMap<string, readonly string[]>>;
  count(table: string): Promise<number>;
  /** One column of a table, as text. */
  column(table: string, column: string): Promise<string[]>;
  /** Seconds until which some lease of an instance lasts, or 0. */
  leased(): Promise<number>;
  /** From here on everything is read as it is at one moment, until it is called again. */
  freeze(): Promise<void>;
  rows(table: CopiedTable): AsyncIterable<RawRow>;
  /** All of them, or none. */
  insert(table: CopiedTable, rows: readonly RawRow[]): Promise<void>;
  run(sql: string): Promise<void>;
}

export async function openRawStore(address: StoreAddress): Promise<RawStore> {
  if (address.kind === 'memory') throw new Error('what is in memory is of one process alone');
  if (address.dialect === 'mysql') return MysqlRawStore.open(address.url);
  await ownFile(address.path);
  return new SqliteRawStore(address.path);
}
