import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import { outcomeOf } from '../audit/audited-mutations.js';
import { endSpan } from '../traces/traces.js';
import { currentScope, currentWork, runInSpan } from './request-scope.js';

const WATCHED = new WeakSet<GraphQLSchema>();

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Has every resolver of a schema that leads further look, before it begins, whether its request is still of use to anybody, and those of root
 * fields recorded where requests are.
 */
export function watchResolvers(schema: GraphQLSchema): void {
  // schemas are built once and may be served twice
  if (WATCHED.has(schema)) return;
  WATCHED.add(schema);
  const roots = new Set([schema.getQueryType(), schema.getMutationType()]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (resolve === undefined || resolve === defaultFieldResolver) continue;
      // what is only read off an object takes no time, and what it asks a store for is stopped there
      if (isLeafType(getNamedType(field.type)) && !roots.has(type)) continue;
      field.resolve = roots.has(type) ? recorded(`${type.name}.${field.name}`, stopped(resolve)) : stopped(resolve);
    }
  }
}

function stopped(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    currentScope()?.check();
    return resolve(source, args, context, info);
  };
}

function recorded(name: string, resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    const work = currentWork();
    if (work === undefined) return resolve(source, args, context, info);
    const { traces } = work;
    const span = traces.begin(name, { parent: work.span.spanContext() });
    return runInSpan({ traces, span }, async () => {
      try {
        const result: unknown = await resolve(source, args, context, info);
        endSpan(span);
        return result;
      } catch (error) {
        endSpan(span, outcomeOf(error));
        throw error;
      }
    });
  };
}
