import {
  type ArgumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  parseType,
  print,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import type { SubgraphFetch, SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { EventCursor, LiveField, LiveFields } from './live-fields.js';

const VARIABLE = 'resumeAfter';
const CURSOR_KEY = '_eventCursor';

/** What is subscribed to at a subgraph, told apart from where in the stream it begins. */
export interface Primary {
  /** Equal for subscriptions that are the same stream from different positions. */
  readonly key: string;
  readonly live: LiveField;
  /** After which event the client wants to begin. */
  readonly startedAfter: string | undefined;
  /** What to send to begin after a position; without one, where the stream begins by itself. */
  after(cursor: string | undefined): SubgraphFetch;
  /** The position of an event; undefined when it names none, or when the field has no `@eventCursor`. */
  cursorOf(event: SubgraphResponse): string | undefined;
  /** The question where the stream would begin by itself, when the subgraph answers one. */
  readonly start: { readonly fetch: SubgraphFetch; read(answer: SubgraphResponse): string | undefined } | undefined;
}

/** What is the same for every subscription with one text. */
interface PrimaryShape {
  readonly live: LiveField;
  readonly query: string;
  /** Of the variables that `query` still has. */
  readonly variables: readonly string[];
  readonly cursorKey: string | undefined;
  readonly rootKey: string;
  readonly after: ValueNode | undefined;
  readonly start: { readonly query: string; readonly variables: readonly string[]; readonly key: string } | undefined;
}

/** Reads planned subscriptions; each text once. One per generation. */
export class Primaries {
  readonly #schema: GraphQLSchema;
  readonly #fields: LiveFields;
  readonly #shapes = new Map<string, PrimaryShape>();

  /** @param schema the supergraph's, inaccessible fields included. */
  constructor(schema: GraphQLSchema, fields: LiveFields) {
    this.#schema = schema;
    this.#fields = fields;
  }

  read(fetch: SubgraphFetch): Primary {
    let shape = this.#shapes.get(fetch.query);
    if (shape === undefined) {
      shape = shapeOf(fetch.query, this.#schema, this.#fields);
      this.#shapes.set(fetch.query, shape);
    }
    const { live, query, variables, cursorKey, rootKey, after, start } = shape;
    const { target } = fetch;
    const own = pick(fetch.variables, variables);
    return {
      key: JSON.stringify([target.subgraph, target.department ?? null, query, sorted(own)]),
      live,
      startedAfter: after && textOf(after, fetch.variables),
      after: (cursor) => ({
        target,
        kind: 'subscription',
        query,
        variables: cursor === undefined ? own : { ...own, [VARIABLE]: cursor },
      }),
      cursorOf({ data }) {
        if (cursorKey === undefined) return undefined;
        const cursor = (data?.[rootKey] as Record<string, unknown> | null | undefined)?.[cursorKey];
        return typeof cursor === 'string' ? cursor : undefined;
      },
      start: start && {
        fetch: { target, kind: 'query', query: start.query, variables: pick(fetch.variables, start.variables) },
        read({ data }) {
          const cursor = data?.[start.key];
          return typeof cursor === 'string' ? cursor : undefined;
        },
      },
    };
  }
}

function shapeOf(text: string, schema: GraphQLSchema, fields: LiveFields): PrimaryShape {
  const document = parse(text, { noLocation: true });
  const operation = document.definitions.find((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections[0];
  if (operation === undefined || field?.kind !== Kind.FIELD) throw new Error('a planned subscription has one root field');
  const live = fields.of(field.name.value);
  const definition = schema.getSubscriptionType()?.getFields()[field.name.value];
  const argument = definition?.args.find(({ name }) => name === live.cursor?.argument);
  const rootKey = field.alias?.value ?? field.name.value;
  const rewritten = live.cursor && argument ? resumable(operation, field, live.cursor, String(argument.type)) : nameless(operation);
  return {
    live,
    query: print({ ...document, definitions: document.definitions.map((node) => (node === operation ? rewritten.operation : node)) }),
    variables: variablesOf(rewritten.operation).filter((name) => name !== VARIABLE),
    cursorKey: rewritten.cursorKey,
    rootKey,
    after: field.arguments?.find(({ name }) => name.value === live.cursor?.argument)?.value,
    start: live.cursor?.start === undefined ? undefined : startQuery(operation, field, live.cursor.start, schema),
  };
}

interface Rewritten {
  readonly operation: OperationDefinitionNode;
  readonly cursorKey: string | undefined;
}

/** Without its name, which says which client's operation it was planned for. */
function nameless(operation: OperationDefinitionNode): Rewritten {
  const { name: _name, ...rest } = operation;
  return { operation: rest, cursorKey: undefined };
}

/** With `after: $resumeAfter` in place of what the client gave, and each event's position asked for. */
function resumable(operation: OperationDefinitionNode, field: FieldNode, cursor: EventCursor, type: string): Rewritten {
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: VARIABLE } } as const;
  const others = (field.arguments ?? []).filter(({ name }) => name.value !== cursor.argument);
  const selected = field.selectionSet && keyOf(cursor.field, field.selectionSet);
  const position: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: cursor.field },
    alias: { kind: Kind.NAME, value: CURSOR_KEY },
  };
  const selections = [...(field.selectionSet?.selections ?? []), ...(selected === undefined ? [position] : [])];
  const resumed: FieldNode = {
    ...field,
    arguments: [...others, { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: cursor.argument }, value: variable }],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
  const selectionSet: SelectionSetNode = { ...operation.selectionSet, selections: [resumed] };
  // nullable, since without a position the argument is left out
  const definition: VariableDefinitionNode = {
    kind: Kind.VARIABLE_DEFINITION,
    variable,
    type: parseType(type.endsWith('!') ? type.slice(0, -1) : type, { noLocation: true }),
  };
  const used = new Set(usedVariables(selectionSet));
  const kept = (operation.variableDefinitions ?? []).filter(({ variable: { name } }) => used.has(name.value));
  return {
    operation: { ...nameless(operation).operation, variableDefinitions: [...kept, definition], selectionSet },
    cursorKey: selected ?? CURSOR_KEY,
  };
}

/** The response key under which `name` is selected, of events of every type. */
function keyOf(name: string, { selections }: SelectionSetNode): string | undefined {
  for (const selection of selections)
    if (selection.kind === Kind.FIELD && selection.name.value === name) return selection.alias?.value ?? name;
  return undefined;
}

function startQuery(operation: OperationDefinitionNode, field: FieldNode, name: string, schema: GraphQLSchema): PrimaryShape['start'] {
  const queries = schema.getQueryType()?.getFields() ?? {};
  const takes = new Set(queries[name]?.args.map((argument) => argument.name));
  const passed: ArgumentNode[] = (field.arguments ?? []).filter((argument) => takes.has(argument.name.value));
  const asked: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: name }, arguments: passed };
  const variables = [...new Set(usedVariables(asked))];
  const question: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: OperationTypeNode.QUERY,
    variableDefinitions: (operation.variableDefinitions ?? []).filter(({ variable }) => variables.includes(variable.name.value)),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [asked] },
  };
  return { query: print(question), variables, key: name };
}

const variablesOf = ({ variableDefinitions }: OperationDefinitionNode): string[] =>
  (variableDefinitions ?? []).map(({ variable }) => variable.name.value);

function usedVariables(node: SelectionSetNode | FieldNode): string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}

function textOf(value: ValueNode, variables: SubgraphFetch['variables']): string | undefined {
  const given = value.kind === Kind.VARIABLE ? variables?.[value.name.value] : value.kind === Kind.STRING ? value.value : undefined;
  if (given === undefined || given === null) return undefined;
  // whatever it is instead of a text, the subgraph says what is wrong with it
  return typeof given === 'string' ? given : JSON.stringify(given);
}

function pick(variables: SubgraphFetch['variables'], names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (variables !== undefined && Object.hasOwn(variables, name)) picked[name] = variables[name];
  return picked;
}

/** Entries in one order, so that equal variables have equal texts. */
function sorted(variables: Record<string, unknown>): [string, unknown][] {
  return Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1));
}
