import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SchemaChange } from '../composing/schema-changes.js';
import { type FieldUse, usesOf } from '../usage/field-use.js';

/** A change, and who would feel it. */
export interface JudgedChange extends SchemaChange {
  /** Empty for what breaks nobody: it is not breaking, or nobody used it in the window. */
  readonly usedBy: readonly FieldUse[];
}

/** Says of each breaking change who used what it breaks since `since`. */
export async function judgeChanges(em: SqlEntityManager, changes: readonly SchemaChange[], since: Date): Promise<JudgedChange[]> {
  const breaking = changes.filter(({ criticality }) => criticality === 'BREAKING');
  const uses = await usesOf(
    em,
    breaking.flatMap(({ feltBy }) => feltBy ?? []),
    since,
  );
  return changes.map((change) => ({
    ...change,
    usedBy: change.criticality === 'BREAKING' && change.feltBy !== null ? (uses.get(change.feltBy) ?? []) : [],
  }));
}
