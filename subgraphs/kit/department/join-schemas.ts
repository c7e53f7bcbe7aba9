import { buildSubgraphSchema } from '@apollo/subgraph';
import {
  type DefinitionNode,
  type GraphQLSchema,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
} from 'graphql';
import type { FederatedSchema } from '../schema/federated-schema.js';

type ResolverMap = Record<string, unknown>;
type References = Record<string, { __resolveReference: unknown }>;

/**
 * The contract and what a department adds to it, as one subgraph. They are built apart, since TypeGraphQL keeps what it
 * knows of a class for the whole process: a field added to the contract's own class would turn up in every department.
 * `references` says how references to the contract's entities become rows.
 */
export function joinSchemas(contract: FederatedSchema, extension: FederatedSchema, references: References): FederatedSchema {
  const sdl = `${contract.sdl}\n${additions(contract.sdl, extension.sdl).map(print).join('\n\n')}\n`;
  const resolvers: Record<string, ResolverMap> = {};
  for (const part of [extension.schema, contract.schema, references]) {
    const map: Record<string, unknown> = part === references ? part : resolversOf(part as GraphQLSchema);
    for (const [type, members] of Object.entries(map)) {
      resolvers[type] = isScalarType(members) ? (members as never) : { ...resolvers[type], ...(members as ResolverMap) };
    }
  }
  return { sdl, schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]) };
}

/** The extension's definitions without what the contract has already. */
function additions(contract: string, extension: string): DefinitionNode[] {
  const agreed = new Map(parse(contract).definitions.flatMap((node) => ('name' in node && node.name ? [[node.name.value, node]] : [])));
  return parse(extension).definitions.flatMap((node): DefinitionNode[] => {
    if (!('name' in node) || node.name === undefined) return [];
    const there = agreed.get(node.name.value);
    if (there === undefined) return [node];
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) return [];
    const known = new Set((there as ObjectTypeDefinitionNode).fields?.map((field) => field.name.value));
    const fields = node.fields?.filter((field) => !known.has(field.name.value)) ?? [];
    return fields.length === 0 ? [] : [{ kind: Kind.OBJECT_TYPE_EXTENSION, name: node.name, fields }];
  });
}

/** What a schema was built with. Federation's own fields are left out: the joined schema gets its own. */
function resolversOf(schema: GraphQLSchema): Record<string, unknown> {
  const resolvers: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(schema.getTypeMap())) {
    if (name.startsWith('_')) continue;
    if (isScalarType(type) && !isSpecifiedScalarType(type)) resolvers[name] = type;
    if (!isObjectType(type)) continue;
    const fields: ResolverMap = {};
    for (const [field, { resolve, subscribe }] of Object.entries(type.getFields())) {
      if (field.startsWith('_') || (resolve === undefined && subscribe === undefined)) continue;
      fields[field] = subscribe === undefined ? resolve : { resolve, subscribe };
    }
    resolvers[name] = fields;
  }
  return resolvers;
}
