import { type OperationLimits, refuseMoreThan } from './operation-limits.js';
import { refuseNul } from './unstorable-text.js';

/** @throws CataloguedError OPERATION_TOO_LARGE, BAD_USER_INPUT */
export function refuseLargeVariables(variables: Readonly<Record<string, unknown>>, limits: OperationLimits): void {
  refuseMoreThan(limits.variables, Object.keys(variables).length, 'variables');
  let values = 0;
  const look = (value: unknown, depth: number): void => {
    refuseMoreThan(limits.variableValues, ++values, 'values in variables');
    if (typeof value === 'string') refuseNul(value);
    if (typeof value !== 'object' || value === null) return;
    refuseMoreThan(limits.variableDepth, depth, 'levels in variables');
    if (Array.isArray(value)) {
      refuseMoreThan(limits.listItems, value.length, 'items in one list');
      for (const item of value) look(item, depth + 1);
    } else for (const name of Object.keys(value)) look((value as Record<string, unknown>)[name], depth + 1);
  };
  for (const name of Object.keys(variables)) look(variables[name], 1);
}
