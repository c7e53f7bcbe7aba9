import { baseType, type FieldDefinition, type ObjectType, type Schema, type Supergraph, type Type } from '@apollo/federation-internals';

const LIVE_FEATURE = 'https://acceptance.gov/live';

/** `@eventCursor`: how a stream of events is taken up again. */
export interface EventCursor {
  /** The argument that says after which event to begin. Left out, the stream begins at the present, or where `start` says. */
  readonly argument: string;
  /** The field of an event with its position. */
  readonly field: string;
  /**
   * The query field that says where the stream would begin without `argument`. Arguments that it shares with the
   * subscription are passed on.
   */
  readonly start: string | undefined;
}

/** What a subscription field's subgraph promises of it. */
export interface LiveField {
  readonly cursor: EventCursor | undefined;
  /** `@sharedFor`: callers who have no roles but these get events that depend on their roles alone. See viewer.ts. */
  readonly sharedFor: readonly string[];
}

const UNMARKED: LiveField = { cursor: undefined, sharedFor: [] };

/**
 * The promises that subgraphs make of their subscription fields, composed with `@composeDirective`:
 *
 * ```graphql
 * extend schema @link(url: "https://acceptance.gov/live/v1.0", import: ["@eventCursor", "@sharedFor"])
 *   @composeDirective(name: "@eventCursor") @composeDirective(name: "@sharedFor")
 * directive @eventCursor(argument: String! = "after", field: String! = "cursor", start: String) on FIELD_DEFINITION
 * directive @sharedFor(roles: [String!]!) on FIELD_DEFINITION
 * ```
 */
export class LiveFields {
  readonly #fields = new Map<string, LiveField>();
  /** Promises that name what is not there; a supergraph with any is not served. */
  readonly problems: readonly string[];

  constructor({ schema }: Pick<Supergraph, 'schema'>) {
    const feature = schema.coreFeatures?.getByIdentity(LIVE_FEATURE);
    const root = schema.schemaDefinition.rootType('subscription');
    const problems: string[] = [];
    if (feature !== undefined && root !== undefined) {
      const read = (field: FieldDefinition<ObjectType>, directive: string) =>
        field.appliedDirectivesOf(feature.directiveNameInSchema(directive))[0]?.arguments(true);
      for (const field of root.fields()) {
        const cursor = read(field, 'eventCursor');
        const roles = read(field, 'sharedFor')?.['roles'];
        if (cursor === undefined && roles === undefined) continue;
        const live: LiveField = {
          cursor: cursor && {
            argument: textOr(cursor['argument'], 'after'),
            field: textOr(cursor['field'], 'cursor'),
            start: typeof cursor['start'] === 'string' ? cursor['start'] : undefined,
          },
          sharedFor: Array.isArray(roles) ? roles.map(String) : [],
        };
        problems.push(...problemsOf(schema, field, live));
        this.#fields.set(field.name, live);
      }
    }
    this.problems = problems;
  }

  /** What is promised of a subscription field; of one without directives, nothing. */
  of(field: string): LiveField {
    return this.#fields.get(field) ?? UNMARKED;
  }
}

const textOr = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);

function* problemsOf(schema: Schema, field: FieldDefinition<ObjectType>, { cursor }: LiveField): Generator<string> {
  if (cursor === undefined) return;
  const { coordinate } = field;
  const argument = field.argument(cursor.argument);
  if (argument === undefined) yield `field ${coordinate} has no argument ${cursor.argument}, which @eventCursor names`;
  else if (!isText(argument.type)) yield `argument ${argument.coordinate}, which @eventCursor names, is no text`;
  const payload = field.type && baseType(field.type);
  const position = payload?.kind === 'ObjectType' || payload?.kind === 'InterfaceType' ? payload.field(cursor.field) : undefined;
  if (position === undefined) yield `the events of ${coordinate} have no field ${cursor.field}, which @eventCursor names`;
  else if (!isText(position.type)) yield `field ${position.coordinate}, which @eventCursor names, is no text`;
  if (cursor.start === undefined) return;
  const start = schema.schemaDefinition.rootType('query')?.field(cursor.start);
  if (start === undefined) yield `there is no query field ${cursor.start}, which @eventCursor of ${coordinate} names`;
  else if (!isText(start.type)) yield `the query field ${cursor.start}, which @eventCursor of ${coordinate} names, is no text`;
}

const NO_TEXTS: ReadonlySet<string> = new Set(['Int', 'Float', 'Boolean']);

/** Whether a cursor may be of that type: a scalar, one of a subgraph's own included, that is no number and no list. */
function isText(type: Type | undefined): boolean {
  const one = type?.kind === 'NonNullType' ? type.ofType : type;
  return one?.kind === 'ScalarType' && !NO_TEXTS.has(one.name);
}
