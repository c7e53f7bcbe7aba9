import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { JsonObject } from '../own-property.js';
import { Completion } from './completion.js';
import { Introspection } from './introspection.js';
import { SelectionShape } from './shape.js';

/** How many combinations of its @skip and @include variables an operation keeps compiled. */
const KEPT_VARIANTS = 16;

/** Turns what the fetches brought into exactly what the operation asked for, in one pass. */
export class Projection {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #flagNames: readonly string[];
  readonly #introspection: Introspection;
  readonly #variants = new Map<string, SelectionShape>();

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#schema = schema;
    this.#operation = operation;
    this.#fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    );
    this.#flagNames = conditionVariables(document);
    this.#introspection = new Introspection(schema, operation, this.#fragments);
  }

  /** `coerced` has defaults filled in; `variables` are the client's. */
  project(
    data: JsonObject,
    coerced: Readonly<JsonObject>,
    variables: Readonly<JsonObject>,
  ): { data: JsonObject | null; errors: readonly GraphQLError[] } {
    const completion = new Completion();
    const projected = this.#shape(coerced).completeRoot(data, completion, this.#introspection.with(variables));
    return { data: projected, errors: completion.errors };
  }

  #shape(flags: Readonly<JsonObject>): SelectionShape {
    const key = this.#flagNames.map((name) => (flags[name] === true ? '1' : '0')).join('');
    let shape = this.#variants.get(key);
    if (shape === undefined) {
      const root = this.#schema.getRootType(this.#operation.operation);
      if (root === undefined || root === null) throw new Error(`the schema has no ${this.#operation.operation} type`);
      const decided = Object.fromEntries(this.#flagNames.map((name) => [name, flags[name] === true]));
      shape = new SelectionShape({ schema: this.#schema, fragments: this.#fragments, flags: decided }, root, [
        { selections: this.#operation.selectionSet, parent: root },
      ]);
      const [oldest] = this.#variants.keys();
      if (this.#variants.size >= KEPT_VARIANTS && oldest !== undefined) this.#variants.delete(oldest);
      this.#variants.set(key, shape);
    }
    return shape;
  }
}

function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: args }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}
