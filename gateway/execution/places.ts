import type { ResponsePath } from '@apollo/query-planner';
import { isObject, type JsonObject, readOwn } from './own-property.js';

export type Path = ReadonlyArray<string | number>;

/**
 * Every object found from some objects along a plan's path (`@` stands for each item of a list), in response order, without nulls. An object that
 * several places share is there once: rows that lead to the same entity share what was fetched of it, so that a nested page
 * has many places and few objects.
 * @param shared whether any are shared at all.
 */
export function objectsAt(from: readonly JsonObject[], path: ResponsePath, shared: boolean): JsonObject[] {
  let values: readonly unknown[] = from;
  for (const element of path) {
    const next: unknown[] = [];
    for (const value of values) {
      if (element !== '@') descend(value, String(element), next);
      else if (Array.isArray(value)) for (const item of value) next.push(item);
    }
    values = shared && next.length > 1 ? [...new Set(next)] : next;
  }
  const found: JsonObject[] = [];
  for (const value of values) flatten(value, found);
  return shared && found.length > values.length ? [...new Set(found)] : found;
}

/** A list the plan did not expect is walked all the same. */
function descend(value: unknown, name: string, found: unknown[]): void {
  if (Array.isArray(value)) for (const item of value) descend(item, name, found);
  else if (isObject(value)) {
    const child = readOwn(value, name);
    if (typeof child === 'object' && child !== null) found.push(child);
  }
}

function flatten(value: unknown, found: JsonObject[]): void {
  if (Array.isArray(value)) for (const item of value) flatten(item, found);
  else if (isObject(value)) found.push(value);
}

/** One place of the response, and the object there. */
export interface Place {
  readonly object: JsonObject;
  readonly path: Path;
}

/** Where those objects are in the response, every place of a shared one. Only errors need it. */
export function placesAt(root: JsonObject, path: ResponsePath): Place[] {
  const found: Place[] = [];
  locate(root, path, 0, [], found);
  return found;
}

function locate(value: unknown, path: ResponsePath, depth: number, place: Path, found: Place[]): void {
  if (Array.isArray(value)) {
    const next = path[depth] === '@' ? depth + 1 : depth;
    value.forEach((item, index) => locate(item, path, next, [...place, index], found));
  } else if (isObject(value)) {
    const name = String(path[depth]);
    if (depth === path.length) found.push({ object: value, path: place });
    else locate(readOwn(value, name), path, depth + 1, [...place, name], found);
  }
}
