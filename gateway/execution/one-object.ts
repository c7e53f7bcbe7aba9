import { isObject, type JsonObject, readOwn, writeOwn } from './own-property.js';
import type { Recognizer } from './representation.js';
import type { Run } from './run.js';

/** Levels below a row that are compared. Nothing that has more is worth it, and a custom scalar may have any number. */
const COMPARED = 100;

/**
 * Puts one object wherever a field of `parents`, or its list, has rows that nobody could tell apart. What is then fetched for it,
 * merged into it and made of it, and of all that lies below it, is done once instead of once per row.
 * @returns each object once, in the order of the rows.
 */
export function oneObjectEach(run: Run, parents: readonly JsonObject[], name: string, recognize: Recognizer): JsonObject[] {
  const found: JsonObject[] = [];
  const known = new Map<string, JsonObject>();
  const others = new Set<JsonObject>();

  /** What stands for a row from now on. */
  function take(row: JsonObject): JsonObject {
    const key = recognize(row);
    if (typeof key === 'string') {
      const first = known.get(key);
      if (first === row) return row;
      if (first === undefined) {
        known.set(key, row);
        found.push(row);
        return row;
      }
      if (alike(first, row, COMPARED)) {
        run.shares = true;
        return first;
      }
    }
    if (!others.has(row)) {
      others.add(row);
      found.push(row);
    }
    return row;
  }

  function takeAll(rows: unknown[]): void {
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index];
      if (Array.isArray(row)) takeAll(row);
      else if (isObject(row)) rows[index] = take(row);
    }
  }

  for (const parent of parents) {
    const value = readOwn(parent, name);
    if (Array.isArray(value)) takeAll(value);
    else if (isObject(value)) {
      const one = take(value);
      if (one !== value) writeOwn(parent, name, one);
    }
  }
  return found;
}

/** Whether two values are equal in all their parts, down to `levels` below them. */
function alike(one: unknown, other: unknown, levels: number): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null || levels === 0) return false;
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false;
    for (let index = 0; index < one.length; index++) if (!alike(one[index], other[index], levels - 1)) return false;
    return true;
  }
  if (Array.isArray(other)) return false;
  // decoded JSON inherits nothing that can be enumerated; `for in` makes no list of the names
  let names = 0;
  for (const name in one) {
    if (!Object.hasOwn(other, name)) return false;
    if (!alike((one as JsonObject)[name], (other as JsonObject)[name], levels - 1)) return false;
    names++;
  }
  for (const _ in other) names--;
  return names === 0;
}
