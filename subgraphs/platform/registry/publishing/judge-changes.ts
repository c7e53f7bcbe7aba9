import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { GraphQLSchema } from 'graphql';
import { type FieldUse, usesOf } from '../usage/field-use.js';
import { type SchemaChange, schemaChanges } from './schema-changes.js';

/** A change, and who would feel it. */
export interface JudgedChange extends SchemaChange {
  /** Empty for what breaks nobody: it is not breaking, or nobody used it in the window. */
  readonly usedBy: readonly FieldUse[];
}

/** Graphs as clients see them. The last two are kept: the one in force is compared with again and again. */
export class ApiSchemas {
  readonly #kept = new Map<string, GraphQLSchema>();

  of(supergraphSdl: string): GraphQLSchema {
    const schema =
      this.#kept.get(supergraphSdl) ??
      Supergraph.build(supergraphSdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES }).apiSchema().toGraphQLJSSchema();
    this.#kept.delete(supergraphSdl);
    this.#kept.set(supergraphSdl, schema);
    for (const oldest of [...this.#kept.keys()].slice(0, -2)) this.#kept.delete(oldest);
    return schema;
  }

  /** What clients would notice. */
  changes(before: string, after: string): Promise<SchemaChange[]> {
    return before === after ? Promise.resolve([]) : schemaChanges(this.of(before), this.of(after));
  }
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
