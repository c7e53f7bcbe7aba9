import { type GraphQLSchema, isObjectType } from 'graphql';
import type { Resolvers } from '../in-process-graph.js';

/** Gives a schema built from SDL its resolvers. */
export function addResolversToSchema(schema: GraphQLSchema, resolvers: Resolvers): GraphQLSchema {
  for (const [typeName, fields] of Object.entries(resolvers)) {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) continue;
    for (const [name, resolve] of Object.entries(fields)) {
      const field = type.getFields()[name];
      if (field !== undefined) field.resolve = resolve;
    }
  }
  return schema;
}
