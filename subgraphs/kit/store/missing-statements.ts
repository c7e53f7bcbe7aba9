import type { Store } from './open-store.js';

/**
 * The SQL that the tables of a store still need after its migrations: none when both agree (a test says so for every
 * subgraph and dialect). After changing a table, what this returns is the body of the next migration.
 */
export async function missingStatements(store: Store): Promise<string[]> {
  const sql = await store.orm.schema.getUpdateSchemaSQL({ wrap: false });
  return sql
    .split(/;\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => statement !== '');
}
