import type { ResponsePath } from '@apollo/query-planner';
import { isObject, type JsonObject, readOwn, writeOwn } from './own-property.js';
import { objectsAt } from './places.js';
import type { Recognizer } from './representation.js';
import type { Run } from './run.js';

/**
 * Puts one object wherever a plan's path leads to objects that nobody could tell apart. What is then fetched for it, merged
 * into it and made of it is done once instead of once per row.
 */
export function putOneObject(run: Run, path: ResponsePath, recognize: Recognizer): void {
  const isList = path.at(-1) === '@';
  const parents = objectsAt(run.data, path.slice(0, isList ? -2 : -1), run.shares);
  const name = String(path.at(isList ? -2 : -1));
  const known = new Map<string, JsonObject>();
  for (const parent of parents) {
    const value = readOwn(parent, name);
    if (isList && Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) value[index] = same(run, value[index], known, recognize);
    } else if (!isList && isObject(value)) {
      const one = same(run, value, known, recognize);
      if (one !== value) writeOwn(parent, name, one);
    }
  }
}

function same(run: Run, value: unknown, known: Map<string, JsonObject>, recognize: Recognizer): unknown {
  if (!isObject(value)) return value;
  const key = recognize(value);
  if (typeof key !== 'string') return value;
  const found = known.get(key);
  if (found === undefined) {
    known.set(key, value);
    return value;
  }
  if (!alike(found, value)) return value;
  run.shares = true;
  return found;
}

/** Not by what is in their parts: two objects may share one, but parts of their own may grow apart. */
function alike(one: JsonObject, other: JsonObject): boolean {
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  for (const name of names) if (one[name] !== other[name]) return false;
  return true;
}
