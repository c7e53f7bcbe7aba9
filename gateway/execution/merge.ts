import { isObject, type JsonObject, readOwn, writeOwn } from './own-property.js';

/**
 * Adds what a subgraph answered to what is known of the same object. Parts the target lacks are taken over as they
 * are, not copied, so `source` belongs to `target` afterwards.
 */
export function merge(target: JsonObject, source: JsonObject): void {
  // decoded JSON inherits nothing that can be enumerated; `for in` makes no list of the names
  for (const name in source) {
    const incoming = source[name];
    if (incoming === undefined) continue;
    const known = readOwn(target, name);
    // a shared part that is there already
    if (known === incoming) continue;
    if (known === undefined || known === null) writeOwn(target, name, incoming);
    else if (isObject(incoming) && isObject(known)) merge(known, incoming);
    else if (Array.isArray(incoming) && Array.isArray(known) && incoming.length === known.length) mergeItems(known, incoming);
    else writeOwn(target, name, incoming);
  }
}

/** Two subgraphs that answer the same list answer the same items in the same order: that is what `@shareable` promises. */
function mergeItems(target: unknown[], source: readonly unknown[]): void {
  for (let i = 0; i < source.length; i++) {
    const [known, incoming] = [target[i], source[i]];
    if (isObject(known) && isObject(incoming)) merge(known, incoming);
    else if (Array.isArray(known) && Array.isArray(incoming) && known.length === incoming.length) mergeItems(known, incoming);
    else target[i] = incoming;
  }
}

/** A copy that shares nothing with decoded JSON. */
export function copyJson<T>(value: T): T;
export function copyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyJson);
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const name of Object.keys(value)) writeOwn(copy, name, copyJson(value[name]));
  return copy;
}
