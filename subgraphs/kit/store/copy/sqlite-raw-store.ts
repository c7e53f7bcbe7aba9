import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from 'node:sqlite';
import type { ColumnKind, CopiedTable } from './copied-tables.js';
import type { RawRow, RawStore, RawValue } from './raw-store.js';

/** A node:sqlite file. */
export class SqliteRawStore implements RawStore {
  readonly #database: DatabaseSync;
  #frozen = false;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec('pragma busy_timeout = 5000');
  }

  async layout(): Promise<Map<string, string[]>> {
    const rows = this.#all(
      "select m.name as t, c.name as c from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\'",
    );
    return Map.groupBy(rows, ([table]) => String(table))
      .entries()
      .reduce(
        (layout, [table, columns]) =>
          layout.set(
            table,
            columns.map(([, column]) => String(column)),
          ),
        new Map<string, string[]>(),
      );
  }

  async count(table: string): Promise<number> {
    return Number(this.#all(`select count(*) from \`${table}\``)[0]?.[0] ?? 0);
  }

  async column(table: string, column: string): Promise<string[]> {
    return this.#all(`select \`${column}\` from \`${table}\``).map(([value]) => String(value));
  }

  async leased(): Promise<number> {
    return Number(this.#all("select max(0, max(until) / 1000.0 - unixepoch('subsec')) from lease")[0]?.[0] ?? 0);
  }

  async freeze(): Promise<void> {
    if (this.#frozen) this.#database.exec('commit');
    this.#frozen = true;
    this.#database.exec('begin');
    // what is read is that of the first statement
    this.#all('select count(*) from sqlite_master');
  }

  async *rows({ name, columns }: CopiedTable): AsyncIterable<RawRow> {
    const statement = this.#database.prepare(`select ${columns.map((column) => `\`${column.name}\``).join(', ')} from \`${name}\``);
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    for (const row of statement.iterate() as unknown as Iterable<SQLOutputValue[]>) {
      yield columns.map(({ name: column, kind }, index) => fromSqlite(kind, row[index] ?? null, `${name}.${column}`));
    }
  }

  async insert({ name, columns }: CopiedTable, rows: readonly RawRow[]): Promise<void> {
    const names = columns.map((column) => `\`${column.name}\``).join(', ');
    const statement = this.#database.prepare(`insert into \`${name}\` (${names}) values (${columns.map(() => '?').join(', ')})`);
    this.#database.exec('begin immediate');
    try {
      for (const row of rows) statement.run(...row.map((value, index) => toSqlite(columns[index]?.kind ?? 'text', value)));
      this.#database.exec('commit');
    } catch (error) {
      this.#database.exec('rollback');
      throw error;
    }
  }

  async run(sql: string): Promise<void> {
    this.#database.exec(sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database.close();
  }

  #all(sql: string): SQLOutputValue[][] {
    const statement = this.#database.prepare(sql);
    statement.setReturnArrays(true);
    return statement.all() as unknown as SQLOutputValue[][];
  }
}

function fromSqlite(kind: ColumnKind, value: SQLOutputValue, where: string): RawValue {
  if (value === null) return null;
  if (value instanceof Uint8Array) return Buffer.from(value);
  switch (kind) {
    case 'double':
      return Number(value);
    case 'datetime':
      return momentOf(value, where);
    default:
      // a JSON number is kept as a number
      return String(value);
  }
}

/** MikroORM keeps milliseconds; what was written by hand may be text, in UTC. */
function momentOf(value: string | number | bigint, where: string): number {
  if (typeof value !== 'string') return Number(value);
  const moment = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(value) ? value : `${value.replace(' ', 'T')}Z`);
  if (Number.isNaN(moment)) throw new Error(`${where} has a moment that can't be read`);
  return moment;
}

function toSqlite(kind: ColumnKind, value: RawValue): SQLInputValue {
  if (value === null || Buffer.isBuffer(value)) return value;
  return kind === 'integer' || kind === 'datetime' ? BigInt(value) : value;
}
