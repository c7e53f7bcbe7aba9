import { type Connection, createConnection } from 'mysql2';
import type { ColumnKind, CopiedTable } from './copied-tables.js';
import type { RawRow, RawStore, RawValue } from './raw-store.js';

type Cell = string | number | Buffer | null;

const SESSION = [
  "set session time_zone = '+00:00', sql_mode = concat(@@sql_mode, ',STRICT_TRANS_TABLES,NO_ZERO_DATE')",
  'set session transaction isolation level repeatable read',
];

/** A MySQL or MariaDB database, on one connection. */
export class MysqlRawStore implements RawStore {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async open(address: string): Promise<MysqlRawStore> {
    const connection = createConnection({
      uri: address.replace(/^mariadb:/, 'mysql:'),
      rowsAsArray: true,
      // everything as the server writes it: nothing is rounded or moved to another time zone
      dateStrings: true,
      jsonStrings: true,
      supportBigNumbers: true,
      bigNumberStrings: true,
      charset: 'utf8mb4',
      // mysql2 reads the last digit of a double wrongly
      typeCast: (field, next) => (field.type === 'DOUBLE' ? field.string() : next()),
    });
    // a connection that breaks off tells whoever waits for an answer
    connection.on('error', () => {});
    const store = new MysqlRawStore(connection);
    try {
      for (const statement of SESSION) await store.#query(statement);
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return store;
  }

  async layout(): Promise<Map<string, string[]>> {
    const rows = await this.#query(
      'select table_name, column_name from information_schema.columns where table_schema = database() order by table_name, ordinal_position',
    );
    const layout = new Map<string, string[]>();
    for (const [table, column] of rows) layout.set(String(table), [...(layout.get(String(table)) ?? []), String(column)]);
    return layout;
  }

  async count(table: string): Promise<number> {
    return Number((await this.#query(`select count(*) from \`${table}\``))[0]?.[0] ?? 0);
  }

  async column(table: string, column: string): Promise<string[]> {
    return (await this.#query(`select \`${column}\` from \`${table}\``)).map(([value]) => String(value));
  }

  async leased(): Promise<number> {
    return Number((await this.#query('select greatest(0, max(until) / 1000 - unix_timestamp(now(3))) from lease'))[0]?.[0] ?? 0);
  }

  async freeze(): Promise<void> {
    await this.#query('commit');
    await this.#query('start transaction with consistent snapshot');
  }

  async *rows({ name, columns }: CopiedTable): AsyncIterable<RawRow> {
    const names = columns.map((column) => `\`${column.name}\``).join(', ');
    const stream = this.#connection.query(`select ${names} from \`${name}\``).stream({ highWaterMark: 100 });
    for await (const row of stream as AsyncIterable<Cell[]>) yield columns.map(({ kind }, index) => fromMysql(kind, row[index] ?? null));
  }

  async insert({ name, columns }: CopiedTable, rows: readonly RawRow[]): Promise<void> {
    const names = columns.map((column) => `\`${column.name}\``).join(', ');
    const values = rows.map((row) => row.map((value, index) => toMysql(columns[index]?.kind ?? 'text', value)));
    await this.#query(`insert into \`${name}\` (${names}) values ?`, [values]);
  }

  async run(sql: string): Promise<void> {
    await this.#query(sql);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // not `end`: a reader that was given up may still be sent rows
    this.#connection.destroy();
  }

  #query(sql: string, values: unknown[] = []): Promise<Cell[][]> {
    return new Promise((resolve, reject) =>
      this.#connection.query(sql, values, (error, rows) => (error === null ? resolve(rows as unknown as Cell[][]) : reject(error))),
    );
  }
}

function fromMysql(kind: ColumnKind, value: Cell): RawValue {
  if (value === null || Buffer.isBuffer(value)) return value;
  switch (kind) {
    case 'double':
      return Number(value);
    case 'datetime':
      return Date.parse(`${String(value).replace(' ', 'T')}Z`);
    default:
      return String(value);
  }
}

function toMysql(kind: ColumnKind, value: RawValue): Cell {
  return kind === 'datetime' && value !== null ? new Date(Number(value)).toISOString().replace('T', ' ').replace('Z', '') : value;
}
