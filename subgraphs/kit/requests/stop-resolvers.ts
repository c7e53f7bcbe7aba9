import { defaultFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import { currentScope } from './request-scope.js';

const STOPPING = new WeakSet<GraphQLSchema>();

/** Has every resolver of a schema look, before it begins, whether its request is still of use to anybody. */
export function stopResolvers(schema: GraphQLSchema): void {
  // schemas are built once and may be served twice
  if (STOPPING.has(schema)) return;
  STOPPING.add(schema);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      // what is only read off an object takes no time
      if (resolve === undefined || resolve === defaultFieldResolver) continue;
      field.resolve = (source, args, context, info) => {
        currentScope()?.check();
        return resolve(source, args, context, info);
      };
    }
  }
}
