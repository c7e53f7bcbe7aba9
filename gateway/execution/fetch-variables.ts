import { type JsonObject, readOwn, writeOwn } from './own-property.js';

/** The client's variables that a fetch uses; one the client left out stays out, so that the operation's default holds. */
export function pickVariables(usages: readonly string[], variables: Readonly<JsonObject>): JsonObject {
  const picked: JsonObject = {};
  for (const name of usages) {
    const value = readOwn(variables, name);
    if (value !== undefined) writeOwn(picked, name, value);
  }
  return picked;
}
