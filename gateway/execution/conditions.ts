import { type DirectiveNode, Kind } from 'graphql';
import type { JsonObject } from './own-property.js';

/** Whether `@skip` and `@include` leave a selection in. `flags` has every variable they use, defaults filled in. */
export function isIncluded(directives: readonly DirectiveNode[] | undefined, flags: Readonly<JsonObject>): boolean {
  for (const { name, arguments: args } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    const flag = value?.kind === Kind.VARIABLE ? flags[value.name.value] === true : value?.kind === Kind.BOOLEAN && value.value;
    if (flag === (name.value === 'skip')) return false;
  }
  return true;
}
