import type { FetchDataRewrite } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isObject, type JsonObject, readOwn, writeOwn } from './own-property.js';
import { isOfType } from './type-conditions.js';

/** Changes a representation before it is sent, or an answer before it is merged, in place. */
export type Rewriter = (value: unknown) => void;

const TYPE_CONDITION = '... on ';

/** Compiles a fetch's `inputRewrites` or `outputRewrites`; undefined when there are none. */
export function compileRewrites(rewrites: readonly FetchDataRewrite[] | undefined, schema: GraphQLSchema): Rewriter | undefined {
  if (rewrites === undefined || rewrites.length === 0) return undefined;
  const compiled = rewrites.map((rewrite) => {
    const last = rewrite.path.at(-1) ?? '';
    return along(
      rewrite.path.slice(0, -1),
      schema,
      rewrite.kind === 'ValueSetter' ? setter(last, rewrite.setValueTo) : renamer(last, rewrite.renameKeyTo),
    );
  });
  return (value) => compiled.forEach((rewrite) => rewrite(value));
}

const setter = (name: string, to: unknown) => (object: JsonObject) => writeOwn(object, name, to);

const renamer = (name: string, to: string) => (object: JsonObject) => {
  const value = readOwn(object, name);
  if (value === undefined) return;
  writeOwn(object, to, value);
  writeOwn(object, name, undefined);
};

function along(path: readonly string[], schema: GraphQLSchema, change: (object: JsonObject) => void): Rewriter {
  const [first, ...rest] = path;
  if (first === undefined) return eachObject(change);
  const next = along(rest, schema, change);
  if (!first.startsWith(TYPE_CONDITION)) return eachObject((object) => next(readOwn(object, first)));
  const condition = first.slice(TYPE_CONDITION.length);
  return eachObject((object) => {
    const typename = readOwn(object, '__typename');
    if (typeof typename !== 'string' || isOfType(schema, typename, condition)) next(object);
  });
}

function eachObject(change: (object: JsonObject) => void): Rewriter {
  const visit: Rewriter = (value) => {
    if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) change(value);
  };
  return visit;
}
