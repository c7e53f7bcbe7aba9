import { type DocumentNode, type GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import type { JsonObject } from '../own-property.js';
import { fragmentsOf } from '../root-fields.js';
import { Completion } from './completion.js';
import { Introspection } from './introspection.js';
import { SelectionShape, type ShapeSource } from './shape.js';

/** Turns what the fetches brought into exactly what the operation asked for, in one pass. */
export class Projection {
  readonly #shape: SelectionShape;
  readonly #introspection: Introspection;

  /**
   * The document's @skip and @include are decided: it has none.
   * @param allows whether a field may be shown; what may not is null, even where a fetch brought it for another one's sake.
   */
  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, allows?: ShapeSource['allows']) {
    const fragments = fragmentsOf(document);
    const root = schema.getRootType(operation.operation);
    if (root === undefined || root === null) throw new Error(`the schema has no ${operation.operation} type`);
    this.#shape = new SelectionShape({ schema, fragments, allows }, root, [{ selections: operation.selectionSet, parent: root }]);
    this.#introspection = new Introspection(schema, operation, fragments);
  }

  /** @param shared whether objects of `data` are at several places. What is made of them then is, too. */
  project(
    data: JsonObject,
    variables: Readonly<JsonObject>,
    shared: boolean,
  ): { data: JsonObject | null; errors: readonly GraphQLError[] } {
    const introspect = this.#introspection.with(variables);
    const quick = new Completion(false, shared);
    const projected = this.#shape.completeRoot(data, quick, introspect);
    if (!quick.faulty) return { data: projected, errors: [] };
    const completion = new Completion(true, shared);
    return { data: this.#shape.completeRoot(data, completion, introspect), errors: completion.errors };
  }
}
