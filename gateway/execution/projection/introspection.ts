import {
  type DocumentNode,
  executeSync,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { Introspect } from './shape.js';

/** Answers introspection from the API schema, by graphql-js. What uses no variables is answered once. */
export class Introspection {
  readonly #schema: GraphQLSchema;
  readonly #operation: OperationDefinitionNode;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #answers = new WeakMap<readonly FieldNode[], unknown>();

  constructor(schema: GraphQLSchema, operation: OperationDefinitionNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#schema = schema;
    this.#operation = operation;
    this.#fragments = fragments;
  }

  with(variables: Readonly<Record<string, unknown>>): Introspect {
    return (nodes) => {
      if (this.#answers.has(nodes)) return this.#answers.get(nodes);
      const { definitions, variableNames } = this.#closure(nodes);
      const document: DocumentNode = {
        kind: Kind.DOCUMENT,
        definitions: [
          {
            kind: Kind.OPERATION_DEFINITION,
            operation: OperationTypeNode.QUERY,
            variableDefinitions: (this.#operation.variableDefinitions ?? []).filter(({ variable }) =>
              variableNames.has(variable.name.value),
            ),
            selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
          },
          ...definitions,
        ],
      };
      const { data } = executeSync({ schema: this.#schema, document, variableValues: variables });
      const answer = Object.values(data ?? {})[0] ?? null;
      if (variableNames.size === 0) this.#answers.set(nodes, answer);
      return answer;
    };
  }

  /** The fragments and variables that the fields reach. */
  #closure(nodes: readonly FieldNode[]): { definitions: FragmentDefinitionNode[]; variableNames: Set<string> } {
    const reached = new Set<FragmentDefinitionNode>();
    const variableNames = new Set<string>();
    const reach = (node: FieldNode | FragmentDefinitionNode) =>
      visit(node, {
        Variable: ({ name }) => void variableNames.add(name.value),
        FragmentSpread: ({ name }) => {
          const fragment = this.#fragments.get(name.value);
          if (fragment === undefined || reached.has(fragment)) return;
          reached.add(fragment);
          reach(fragment);
        },
      });
    nodes.forEach(reach);
    return { definitions: [...reached], variableNames };
  }
}
