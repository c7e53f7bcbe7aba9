import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { merge } from './merge.js';
import { isObject, type JsonObject, readOwn, writeOwn } from './own-property.js';
import { isOfType } from './type-conditions.js';

/** Picks what a subgraph needs to know of an object to recognise it; null when something of it is not known. */
export type Representer = (entity: JsonObject) => JsonObject | null;

type Picker = (source: JsonObject, target: JsonObject) => boolean;

/** Compiles a fetch's `requires`. Names keep its order, so equal representations have equal JSON. */
export function compileRepresenter(selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Representer {
  const pickers = selections.map((selection) => compilePicker(selection, schema));
  return (entity) => {
    const representation: JsonObject = {};
    return pickers.every((pick) => pick(entity, representation)) ? representation : null;
  };
}

function compilePicker(selection: QueryPlanSelectionNode, schema: GraphQLSchema): Picker {
  if (selection.kind === 'InlineFragment') {
    const { typeCondition } = selection;
    if (typeCondition === undefined) return () => true;
    const represent = compileRepresenter(selection.selections, schema);
    return (source, target) => {
      const typename = readOwn(source, '__typename');
      if (typeof typename !== 'string' || !isOfType(schema, typename, typeCondition)) return true;
      const part = represent(source);
      if (part !== null) merge(target, part);
      return true;
    };
  }
  const name = selection.alias ?? selection.name;
  const represent = selection.selections && compileRepresenter(selection.selections, schema);
  return (source, target) => {
    const value = readOwn(source, name);
    if (value === undefined) return false;
    writeOwn(target, name, represent === undefined ? value : representValue(value, represent));
    return true;
  };
}

function representValue(value: unknown, represent: Representer): unknown {
  if (Array.isArray(value)) return value.map((item) => representValue(item, represent));
  return isObject(value) ? represent(value) : null;
}
