/** A decoded JSON object. */
export type JsonObject = Record<string, unknown>;

/** Response names come from clients: `constructor` and `__proto__` are valid aliases, and must never reach a prototype. */
export const isExotic = (name: string): boolean => name in Object.prototype;

export function readOwn(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function writeOwn(object: JsonObject, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, configurable: true, enumerable: true, writable: true });
  else object[name] = value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
