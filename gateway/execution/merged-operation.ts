import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
  visit,
} from 'graphql';

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

/** Several entity operations for one subgraph, as one. */
export interface MergedOperation {
  readonly query: string;
  /** Under which names the operations' `_entities` come back, in their order. */
  readonly aliases: readonly string[];
  /** The variables for their representations, in their order. */
  readonly representations: readonly string[];
}

/**
 * One operation that asks what several ask, each `_entities` under an alias. Variables of the client keep their names:
 * in one request they have one value. Undefined where that can't be done with what is there; then they are sent apart.
 */
export function mergeOperations(queries: readonly string[]): MergedOperation | undefined {
  const definitions = new Map<string, VariableDefinitionNode>();
  const selections: SelectionNode[] = [];
  const fragments: FragmentDefinitionNode[] = [];
  const aliases = queries.map((_, index) => `e${index}`);
  const representations = queries.map((_, index) => `_${REPRESENTATIONS}${index}`);
  let name: OperationDefinitionNode['name'];
  for (const [index, query] of queries.entries()) {
    const document = renamed(parse(query, { noLocation: true }), representations[index] as string, index);
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.push(definition);
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const [selection, ...others] = definition.selectionSet.selections;
      if (selection?.kind !== Kind.FIELD || selection.name.value !== ENTITIES || others.length > 0 || definition.directives?.length)
        return undefined;
      selections.push({ ...selection, alias: { kind: Kind.NAME, value: aliases[index] as string } });
      name ??= definition.name;
      for (const variable of definition.variableDefinitions ?? []) {
        const known = definitions.get(variable.variable.name.value);
        if (known !== undefined && print(known) !== print(variable)) return undefined;
        definitions.set(variable.variable.name.value, variable);
      }
    }
  }
  // a client may have a variable of such a name
  if (definitions.size !== new Set([...definitions.keys()].filter((key) => !representations.includes(key))).size + queries.length)
    return undefined;
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: 'query' as OperationDefinitionNode['operation'],
    ...(name && { name }),
    variableDefinitions: [...definitions.values()],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const query = stripIgnoredCharacters(print({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments] }));
  return { query, aliases, representations };
}

/** Its representations and fragments under names of their own. */
function renamed(document: DocumentNode, representations: string, index: number): DocumentNode {
  const suffixed = (value: string) => ({ kind: Kind.NAME as const, value: `${value}_${index}` });
  return visit(document, {
    Variable: (node) => (node.name.value === REPRESENTATIONS ? { ...node, name: { kind: Kind.NAME, value: representations } } : undefined),
    FragmentSpread: (node) => ({ ...node, name: suffixed(node.name.value) }),
    FragmentDefinition: (node) => ({ ...node, name: suffixed(node.name.value) }),
  });
}
