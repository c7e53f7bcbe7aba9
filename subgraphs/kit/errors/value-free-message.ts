/** How a reason begins that is worth telling; what a value with the same punctuation smuggles in does not begin so. */
const TELLING = /^(Field "\w+" |Expected |Value "|Enum "\w+" |\w+ cannot represent |\w+ must be )/;

/**
 * GraphQL's own complaint about a value, without the value: it may be an identity number that was written as a number,
 * or a name in a place where it does not belong.
 */
export function valueFreeMessage(message: string): string {
  const variable = /^Variable "(\$\w+)" got invalid value ([^]*); ([^]*)$/.exec(message);
  if (variable === null) return valueFreeReason(message);
  const [, name, value = '', reason = ''] = variable;
  const path = / at "([\w.[\]]+)"$/.exec(value)?.[1];
  const why = TELLING.test(reason) ? valueFreeReason(reason) : 'it does not fit its type';
  return `Variable "${name}" has an invalid value${path === undefined ? '' : ` at "${path}"`}; ${why}`;
}

function valueFreeReason(reason: string): string {
  return reason
    .replace(/^((?:\w+|Enum "\w+") cannot represent [\w\s-]+?): [^]*$/, '$1')
    .replace(/^(Expected value of type "[^"]+"), found [^]*$/, '$1')
    .replace(/^Value "[^]*?" does not exist in "(\w+)" enum[^]*$/, 'the value does not exist in "$1" enum');
}
