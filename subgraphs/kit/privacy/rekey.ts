import type { Store } from '../store/open-store.js';
import { transaction } from '../store/transaction.js';
import { type PersonalDataKeys, PersonalDataUnreadable } from './personal-data-keys.js';
import { SealedColumn, SealedText } from './sealed-columns.js';
import { keysOfStore } from './store-keys.js';

const BATCH = 100;

/** Of one row, in the order of the key's columns. */
type Key = readonly unknown[];

interface SealedTable {
  readonly name: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: SealedColumn<unknown> }[];
}

export interface Rekeyed {
  /** Rows that are sealed with the current key now and were not before. */
  readonly rows: number;
  /** Rows left as they are: the key they need is not configured, or they were altered. */
  readonly unreadable: number;
}

/**
 * Seals with the current key whatever is in clear or sealed with another one, in small transactions, while the store is
 * in use. It may be stopped anywhere and started again, and may run in several processes at once.
 */
export async function rekey(store: Store, signal?: AbortSignal): Promise<Rekeyed> {
  const keys = keysOfStore(store.orm.em.getPlatform());
  const done = { rows: 0, unreadable: 0 };
  for (const table of sealedTables(store)) {
    for (let after: Key | undefined; ; ) {
      if (signal?.aborted === true) return done;
      const found = await staleRows(store, table, keys, after);
      const last = found.at(-1);
      if (last === undefined) break;
      const { rows, unreadable } = await transaction(store.fork(), (tx) => sealAnew(tx, table, keys, found));
      done.rows += rows;
      done.unreadable += unreadable;
      after = last;
    }
  }
  return done;
}

/** How many values each key seals, by its id; `clear` are not sealed, `unknown` need a key that is not configured. */
export async function sealCounts(store: Store): Promise<Map<string, number>> {
  const keys = keysOfStore(store.orm.em.getPlatform());
  const counts = new Map<string, number>();
  const add = (id: string, n: number) => n > 0 && counts.set(id, (counts.get(id) ?? 0) + n);
  const em = store.fork();
  for (const { name, columns } of sealedTables(store)) {
    for (const { name: column, type } of columns) {
      const count = async (condition: string, values: unknown[] = []) => {
        const sql = `select count(*) as n from \`${name}\` where \`${column}\` is not null and ${condition}`;
        const [row] = await em.execute<{ n: number | string }[]>(sql, values);
        return Number(row?.n ?? 0);
      };
      const startsWith = (prefix: string) => {
        const written = type.written(prefix).replace(/"$/, '');
        return count(`substr(\`${column}\`, 1, ${written.length}) = ?`, [written]);
      };
      let left = await startsWith('pd1.');
      add('clear', (await count('1 = 1')) - left);
      for (const id of keys.ids) {
        const sealed = (await Promise.all(keys.prefixesOf(id).map(startsWith))).reduce((sum, n) => sum + n, 0);
        add(id, sealed);
        left -= sealed;
      }
      add('unknown', left);
    }
  }
  return counts;
}

function sealedTables({ orm }: Store): SealedTable[] {
  return [...orm.getMetadata().getAll().values()].flatMap((meta) => {
    const columns = meta.props.flatMap(({ customType, fieldNames }) =>
      customType instanceof SealedColumn && fieldNames[0] !== undefined
        ? [{ name: fieldNames[0], type: customType as SealedColumn<unknown> }]
        : [],
    );
    const key = meta.getPrimaryProps().flatMap(({ fieldNames }) => fieldNames);
    if (columns.length === 0) return [];
    return [{ name: meta.tableName, key, columns }];
  });
}

/** The keys of the next rows that are not sealed with the current key throughout. */
async function staleRows(
  store: Store,
  { name, key, columns }: SealedTable,
  keys: PersonalDataKeys,
  after: Key | undefined,
): Promise<Key[]> {
  const stale = columns.map(({ name: column, type }) => {
    const prefix = type.written(keys.currentPrefix).replace(/"$/, '');
    return { sql: `substr(\`${column}\`, 1, ${prefix.length}) <> ?`, prefix };
  });
  const keyed = key.map((column) => `\`${column}\``).join(', ');
  const later = after === undefined ? '' : `(${keyed}) > (${key.map(() => '?').join(', ')}) and `;
  const rows = await store
    .fork()
    .execute<Record<string, unknown>[]>(
      `select ${keyed} from \`${name}\` where ${later}(${stale.map(({ sql }) => sql).join(' or ')}) order by ${keyed} limit ${BATCH}`,
      [...(after ?? []), ...stale.map(({ prefix }) => prefix)],
    );
  return rows.map((row) => key.map((column) => row[column]));
}

async function sealAnew(
  tx: ReturnType<Store['fork']>,
  { name, key, columns }: SealedTable,
  keys: PersonalDataKeys,
  found: readonly Key[],
): Promise<Rekeyed> {
  const one = `(${key.map((column) => `\`${column}\` = ?`).join(' and ')})`;
  const these = found.map(() => one).join(' or ');
  const [first] = key;
  // a write comes first: it takes the rows' locks (SQLite: the file's), so that nobody changes what is read next
  await tx.execute(`update \`${name}\` set \`${first}\` = \`${first}\` where ${these}`, found.flat(), 'run');
  const rows = await tx.execute<Record<string, unknown>[]>(`select * from \`${name}\` where ${these}`, found.flat());
  const done = { rows: 0, unreadable: 0 };
  for (const row of rows) {
    const changes = changesOf(row, columns, keys);
    if (changes === undefined) done.unreadable++;
    if (changes === undefined || changes.size === 0) continue;
    const sets = [...changes.keys()].map((column) => `\`${column}\` = ?`).join(', ');
    await tx.execute(`update \`${name}\` set ${sets} where ${one}`, [...changes.values(), ...key.map((column) => row[column])], 'run');
    done.rows++;
  }
  return done;
}

function changesOf(row: Record<string, unknown>, columns: SealedTable['columns'], keys: PersonalDataKeys): Map<string, string> | undefined {
  const changes = new Map<string, string>();
  try {
    for (const { name, type } of columns) {
      if (row[name] == null) continue;
      const text = type.readText(row[name]);
      if (text.startsWith(keys.currentPrefix)) continue;
      const clear = keys.open(text, type.context);
      changes.set(name, type.written(keys.seal(clear, type.context)));
      if (type instanceof SealedText && type.hashedIn !== undefined) changes.set(type.hashedIn, keys.hash(clear));
    }
  } catch (error) {
    if (!(error instanceof PersonalDataUnreadable)) throw error;
    return undefined;
  }
  return changes;
}
