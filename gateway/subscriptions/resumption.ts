import {
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  parseType,
  print,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { SubgraphFetch, SubgraphResponse } from '../execution/subgraph-fetch.js';

const ARGUMENT = 'after';
const CURSOR_FIELD = 'cursor';
const VARIABLE = 'resumeAfter';

/** How to take a subscription up again after its upstream was lost. */
export interface Resumption {
  /** The position of an event, or undefined when it names none. */
  cursorOf(event: SubgraphResponse): string | undefined;
  /** What to subscribe to so that the next event is the one after `cursor`. */
  after(cursor: string): SubgraphFetch;
  /** The position the client itself asked to start from. */
  readonly startedAfter: string | undefined;
}

/** The way to resume `primary`, when its field takes `after` and the client reads each event's `cursor`; undefined otherwise. */
export function resumptionOf(primary: SubgraphFetch, schema: GraphQLSchema): Resumption | undefined {
  const document = parse(primary.query, { noLocation: true });
  const operation = document.definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections[0];
  if (operation === undefined || field?.kind !== Kind.FIELD) return undefined;
  const fields = schema.getSubscriptionType()?.getFields();
  const argument = fields?.[field.name.value]?.args.find(({ name }) => name === ARGUMENT);
  const cursorKey = field.selectionSet && keyOf(CURSOR_FIELD, field.selectionSet);
  if (argument === undefined || cursorKey === undefined) return undefined;

  const rootKey = field.alias?.value ?? field.name.value;
  const resumed = print({
    ...document,
    definitions: document.definitions.map((node) => (node === operation ? afterVariable(operation, field, String(argument.type)) : node)),
  });
  return {
    startedAfter: givenAfter(field, primary.variables),
    cursorOf(event) {
      const payload = event.data?.[rootKey] as Record<string, unknown> | null | undefined;
      const cursor = payload?.[cursorKey];
      return typeof cursor === 'string' ? cursor : undefined;
    },
    after: (cursor) => ({ ...primary, query: resumed, variables: { ...primary.variables, [VARIABLE]: cursor } }),
  };
}

/** The response key under which `name` is selected. */
function keyOf(name: string, { selections }: SelectionSetNode): string | undefined {
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD && selection.name.value === name) return selection.alias?.value ?? name;
    const nested = selection.kind === Kind.INLINE_FRAGMENT ? keyOf(name, selection.selectionSet) : undefined;
    if (nested !== undefined) return nested;
  }
  return undefined;
}

/** The operation with `after: $resumeAfter` in place of what the client gave, and without the variable that no longer serves. */
function afterVariable(operation: OperationDefinitionNode, field: FieldNode, type: string): OperationDefinitionNode {
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: VARIABLE } } as const;
  const definition: VariableDefinitionNode = { kind: Kind.VARIABLE_DEFINITION, variable, type: parseType(type, { noLocation: true }) };
  const others = (field.arguments ?? []).filter(({ name }) => name.value !== ARGUMENT);
  const resumed: FieldNode = {
    ...field,
    arguments: [...others, { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: ARGUMENT }, value: variable }],
  };
  const selectionSet = { ...operation.selectionSet, selections: [resumed] };
  const kept = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) =>
    print(selectionSet).match(new RegExp(`\\$${name.value}\\b`)),
  );
  return { ...operation, variableDefinitions: [...kept, definition], selectionSet };
}

function givenAfter(field: FieldNode, variables: SubgraphFetch['variables']): string | undefined {
  const value = field.arguments?.find(({ name }) => name.value === ARGUMENT)?.value;
  const given = value?.kind === Kind.VARIABLE ? variables?.[value.name.value] : value?.kind === Kind.STRING ? value.value : undefined;
  return typeof given === 'string' ? given : undefined;
}
