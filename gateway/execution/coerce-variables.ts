import { GraphQLError, type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import type { JsonObject } from './own-property.js';

/** The client's variables with defaults filled in, or why they do not fit the operation (`BAD_USER_INPUT`). */
export function coerceVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<JsonObject>,
): { coerced: Readonly<JsonObject> } | { errors: GraphQLError[] } {
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors: 50 });
  if (coerced !== undefined) return { coerced };
  return {
    errors: errors.map(({ message, nodes }) => new GraphQLError(message, { nodes: nodes ?? null, extensions: { code: 'BAD_USER_INPUT' } })),
  };
}
