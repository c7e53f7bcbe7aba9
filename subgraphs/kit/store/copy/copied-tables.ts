import { STEP_TABLE } from '../migration-steps.js';
import { openStore, type StoreDefinition } from '../open-store.js';
import { MARK_TABLE } from '../unfinished-copy.js';

/** What a column holds, whatever a dialect calls it. */
export type ColumnKind = 'text' | 'integer' | 'double' | 'datetime' | 'json' | 'blob';

export interface CopiedColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface CopiedTable {
  readonly name: string;
  readonly columns: readonly CopiedColumn[];
}

/** Who leads at this moment is true of this moment alone. */
export const NOT_COPIED: readonly string[] = ['lease'];
/** What migrations note for themselves: each store has its own. */
export const OF_MIGRATIONS: readonly string[] = ['mikro_orm_migrations', STEP_TABLE, MARK_TABLE];

const KINDS: Readonly<Record<string, ColumnKind>> = {
  text: 'text',
  integer: 'integer',
  bigint: 'integer',
  double: 'double',
  real: 'double',
  datetime: 'datetime',
  json: 'json',
  blob: 'blob',
};

/** The tables that a subgraph's store has when all its migrations have run, by a store in memory, which has no others. */
export async function copiedTables(definition: StoreDefinition): Promise<CopiedTable[]> {
  await using store = await openStore({ kind: 'memory', dialect: 'sqlite' }, definition);
  const em = store.fork();
  const rows = await em.execute<{ name: string }[]>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite\\_%' escape '\\' order by name",
  );
  const names = rows.map(({ name }) => name).filter((name) => !NOT_COPIED.includes(name) && !OF_MIGRATIONS.includes(name));
  const tables: CopiedTable[] = [];
  for (const name of names) {
    const columns = await em.execute<{ name: string; type: string }[]>(
      `select name, lower(type) as type from pragma_table_info('${name}')`,
    );
    tables.push({ name, columns: columns.map((column) => ({ name: column.name, kind: kindOf(name, column) })) });
  }
  return tables;
}

function kindOf(table: string, { name, type }: { name: string; type: string }): ColumnKind {
  const kind = KINDS[type];
  if (kind === undefined) throw new Error(`${table}.${name} is of the type ${type}, of which it is not known how to copy it`);
  return kind;
}
