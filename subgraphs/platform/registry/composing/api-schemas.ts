import { ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import type { GraphQLSchema } from 'graphql';
import { type SchemaChange, schemaChanges } from './schema-changes.js';

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
