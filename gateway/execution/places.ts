import type { ResponsePath } from '@apollo/query-planner';
import { isObject, type JsonObject, readOwn } from './own-property.js';

export type Path = ReadonlyArray<string | number>;

/** Every object found at a plan's path (`@` stands for each item of a list), in response order, without nulls. */
export function objectsAt(root: JsonObject, path: ResponsePath): JsonObject[] {
  const found: JsonObject[] = [];
  collect(root, path, 0, found);
  return found;
}

function collect(value: unknown, path: ResponsePath, depth: number, found: JsonObject[]): void {
  if (Array.isArray(value)) {
    // the path's `@` is consumed here, so a list the plan did not expect is walked all the same
    const next = path[depth] === '@' ? depth + 1 : depth;
    for (const item of value) collect(item, path, next, found);
  } else if (isObject(value)) {
    if (depth === path.length) found.push(value);
    else collect(readOwn(value, String(path[depth])), path, depth + 1, found);
  }
}

/** Where those objects are in the response, in the same order. Only errors need it. */
export function placesAt(root: JsonObject, path: ResponsePath): Path[] {
  const found: Path[] = [];
  locate(root, path, 0, [], found);
  return found;
}

function locate(value: unknown, path: ResponsePath, depth: number, place: Path, found: Path[]): void {
  if (Array.isArray(value)) {
    const next = path[depth] === '@' ? depth + 1 : depth;
    value.forEach((item, index) => locate(item, path, next, [...place, index], found));
  } else if (isObject(value)) {
    const name = String(path[depth]);
    if (depth === path.length) found.push(place);
    else locate(readOwn(value, name), path, depth + 1, [...place, name], found);
  }
}
