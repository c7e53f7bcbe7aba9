import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { merge } from './merge.js';
import { isExotic, isObject, type JsonObject, readOwn, writeOwn } from './own-property.js';
import { isOfType } from './type-conditions.js';

/** Picks what a subgraph needs to know of an object to recognise it; null when something of it is not known. */
export type Representer = (entity: JsonObject) => JsonObject | null;

type Picker = (source: JsonObject, target: JsonObject) => boolean;

/** Compiles a fetch's `requires`. Names keep its order, so equal representations have equal JSON. */
export function compileRepresenter(selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Representer {
  const pickers = selections.map((selection) => compilePicker(selection, schema));
  return (entity) => {
    const representation: JsonObject = {};
    for (const pick of pickers) if (!pick(entity, representation)) return null;
    return representation;
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

/**
 * A text that is equal for objects with equal representations; null where something of it is not known, undefined where it
 * takes the representation itself to tell. Most rows lead to an entity that another row has led to before: then nothing is made of them.
 */
export type Recognizer = (entity: JsonObject) => string | null | undefined;

/** Compiles `requires` that, for each type, are plain fields of one fragment. */
export function compileRecognizer(selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema): Recognizer {
  const byType = new Map<string, readonly string[] | undefined>();
  return (entity) => {
    const typename = entity['__typename'];
    if (typeof typename !== 'string') return undefined;
    let names = byType.get(typename);
    if (names === undefined) {
      // subgraphs may call their objects anything
      if (byType.has(typename) || schema.getType(typename) === undefined) return undefined;
      byType.set(typename, (names = plainNames(selections, schema, typename)));
      if (names === undefined) return undefined;
    }
    let key = typename;
    for (const name of names) {
      const value = entity[name];
      if (value === undefined) return null;
      if (typeof value === 'string') key += `\0${value.length}:${value}`;
      else if (typeof value === 'object' && value !== null) return undefined;
      else key += `\0${JSON.stringify(value)}`;
    }
    return key;
  };
}

function plainNames(selections: readonly QueryPlanSelectionNode[], schema: GraphQLSchema, typename: string): string[] | undefined {
  const applying: QueryPlanSelectionNode[][] = [];
  for (const selection of selections) {
    if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) return undefined;
    if (isOfType(schema, typename, selection.typeCondition)) applying.push(selection.selections);
  }
  const [fields, ...others] = applying;
  if (fields === undefined || others.length > 0) return undefined;
  const names: string[] = [];
  for (const field of fields) {
    if (field.kind !== 'Field' || field.alias !== undefined || field.selections !== undefined || isExotic(field.name)) return undefined;
    names.push(field.name);
  }
  return names.includes('__typename') ? names.filter((name) => name !== '__typename') : undefined;
}
