import type { Store } from '../../subgraphs/kit/store/open-store.js';

/** How a database means to answer one query. */
export interface QueryPlan {
  readonly sql: string;
  /** One line per table that is read. */
  readonly steps: readonly string[];
}

/** The plans of every query that `work` runs on a store. */
export async function plansOf(store: Store, work: () => Promise<unknown>): Promise<QueryPlan[]> {
  const connection = store.orm.em.getConnection() as unknown as {
    execute: (sql: unknown, params?: unknown[], ...rest: unknown[]) => Promise<unknown>;
  };
  const execute = connection.execute.bind(connection);
  const asked: { sql: string; params: unknown[] }[] = [];
  connection.execute = (sql, params = [], ...rest) => {
    const text = typeof sql === 'string' ? sql : String((sql as { sql?: unknown }).sql);
    if (/^select /i.test(text)) asked.push({ sql: text, params });
    return execute(sql, params, ...rest);
  };
  try {
    await work();
  } finally {
    connection.execute = execute;
  }
  const sqlite = store.address.dialect === 'sqlite';
  const plans: QueryPlan[] = [];
  for (const { sql, params } of asked) {
    const rows = (await execute(`${sqlite ? 'explain query plan' : 'explain'} ${sql}`, params)) as Record<string, unknown>[];
    plans.push({ sql, steps: rows.map(sqlite ? sqliteStep : mysqlStep) });
  }
  return plans;
}

const sqliteStep = ({ detail }: Record<string, unknown>) => String(detail);

function mysqlStep({ table, type, key, rows, Extra }: Record<string, unknown>): string {
  return `${String(table)} ${String(type)} key=${String(key)} rows=${String(rows)} ${typeof Extra === 'string' ? Extra : ''}`;
}

/** What says that a table is read whole, or that rows are sorted after they were read. */
export function unindexed({ steps }: QueryPlan, dialect: 'sqlite' | 'mysql'): string[] {
  if (dialect === 'mysql') return steps.filter((step) => / ALL | key=null |Using filesort/.test(step));
  return steps.filter(
    (step) => /TEMP B-TREE FOR ORDER BY/.test(step) || (step.startsWith('SCAN ') && !/ USING (COVERING )?INDEX /.test(step)),
  );
}
