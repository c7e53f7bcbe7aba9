import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import {
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isObjectType,
  lexicographicSortSchema,
  parse,
} from 'graphql';
import { type BuildSchemaOptions, buildSchema, type ClassType, createResolversMap, type PubSub } from 'type-graphql';
import { SCALARS } from './scalars.js';

/** The federation features our subgraphs use; everything else stays namespaced. */
const IMPORTS = ['@key', '@shareable', '@external', '@requires', '@provides', '@interfaceObject', '@tag', '@inaccessible', '@override'];
/** Those that a subgraph imports only when it uses them. */
const SELDOM = ['@authenticated', '@requiresScopes', '@policy', '@cost', '@listSize'];

/**
 * What a subgraph promises of its subscriptions, for schemas that do. `@eventCursor`: each event's `field` is a position,
 * and `argument` begins after one; the query field `start` says where the stream begins without it. `@sharedFor`: to a
 * caller who has no roles but these, what the subscription brings depends on the roles alone, so the gateway asks for it
 * once for all who have the same.
 */
const LIVE_LINK = `extend schema
  @link(url: "https://acceptance.gov/live/v1.0", import: ["@eventCursor", "@sharedFor"])
  @composeDirective(name: "@eventCursor")
  @composeDirective(name: "@sharedFor")

directive @eventCursor(argument: String! = "after", field: String! = "cursor", start: String) on FIELD_DEFINITION

directive @sharedFor(roles: [String!]!) on FIELD_DEFINITION`;

/** TypeGraphQL insists on a pub/sub even when every subscription brings its own async iterable. */
const NO_PUBSUB: PubSub = {
  publish() {
    throw new Error('write to the event feed, not to TypeGraphQL');
  },
  subscribe() {
    throw new Error('give the subscription a `subscribe` function');
  },
};

/** Says how the gateway's reference to a `@key` type becomes the thing itself. */
export interface EntityResolver<TContext> {
  readonly type: abstract new () => object;
  readonly resolve: (reference: never, context: TContext) => unknown;
}

export function entity<T extends object, TContext>(
  type: abstract new () => T,
  resolve: (reference: T, context: TContext) => unknown,
): EntityResolver<TContext> {
  return { type, resolve };
}

export interface FederatedSchemaOptions<TContext> extends Omit<BuildSchemaOptions, 'skipCheck' | 'pubSub'> {
  entities?: readonly EntityResolver<TContext>[];
  /** Names of enums that only internal members use: hidden from the public API. (TypeGraphQL takes no directives on enums.) */
  internalEnums?: readonly string[];
}

/** A subgraph's schema, and the SDL it publishes. */
export interface FederatedSchema {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

/** Builds a Federation 2 subgraph from TypeGraphQL resolver classes. */
export async function buildFederatedSchema<TContext>(options: FederatedSchemaOptions<TContext>): Promise<FederatedSchema> {
  const { entities = [], orphanedTypes = [], internalEnums = [], ...rest } = options;
  // a type reached only through `_entities` is an orphan to TypeGraphQL
  const types = [...orphanedTypes, ...entities.map(({ type }) => type as ClassType)];
  const built = await buildSchema({
    validate: false,
    ...rest,
    scalarsMap: [...SCALARS, ...(rest.scalarsMap ?? [])],
    pubSub: NO_PUBSUB,
    orphanedTypes: types,
    skipCheck: true,
  });
  for (const name of internalEnums) hide(built, name);
  sizeConnections(built);
  const resolvers = createResolversMap(built) as Record<string, Record<string, unknown>>;
  for (const { type, resolve } of entities) resolvers[type.name] = { ...resolvers[type.name], __resolveReference: resolve };
  const printed = printSchemaWithDirectives(lexicographicSortSchema(built));
  const live = /@(eventCursor|sharedFor)\b/.test(printed);
  const imports = [...(live ? ['@composeDirective'] : []), ...IMPORTS, ...SELDOM.filter((name) => printed.includes(name))];
  const sdl = `${federationLink(imports)}\n\n${live ? `${LIVE_LINK}\n\n` : ''}${printed}\n`;
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
  return { schema, sdl };
}

const federationLink = (imports: readonly string[]): string => `extend schema @link(
  url: "https://specs.apollo.dev/federation/v2.9",
  import: [${imports.map((name) => `"${name}"`).join(', ')}]
)`;

/** Says of every connection how long its lists may be, so that the gateway can tell what an operation may cost before it is run. */
function sizeConnections(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const returned = getNamedType(field.type);
      if (!field.args.some(({ name }) => name === 'first') || !isObjectType(returned)) continue;
      const lists = Object.values(returned.getFields()).filter((inner) => isListType(getNullableType(inner.type)));
      if (lists.length === 0) continue;
      const listSize = { slicingArguments: ['first'], sizedFields: lists.map(({ name }) => name), requireOneSlicingArgument: false };
      field.extensions = { ...field.extensions, directives: { ...(field.extensions['directives'] as object | undefined), listSize } };
    }
  }
}

function hide(schema: GraphQLSchema, name: string): void {
  const type = schema.getType(name);
  if (!isEnumType(type)) throw new Error(`${name} is no enum of this schema`);
  type.extensions = { ...type.extensions, directives: { inaccessible: {} } };
}
