import {
  type GraphQLLeafType,
  type GraphQLOutputType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isSpecifiedScalarType,
} from 'graphql';
import { BUBBLE, type Completer, type Completion, REPORTED } from './completion.js';

/** Compiles a type's wrappers and leaves; `composite` completes objects, interfaces and unions. */
export function compileCompleter(type: GraphQLOutputType, composite: Completer | undefined): Completer {
  if (isNonNullType(type)) return nonNull(compileCompleter(type.ofType, composite), String(type.ofType));
  if (isListType(type)) return list(compileCompleter(type.ofType, composite), String(type));
  if (isLeafType(type)) return leaf(type);
  if (composite === undefined) throw new Error(`a selection on ${type.name} has no fields`);
  return composite;
}

function nonNull(inner: Completer, type: string): Completer {
  return (value, completion, parent) => {
    const completed = inner(value, completion, parent);
    if (completed === null) {
      completion.report(() => `Cannot return null for non-nullable ${whereabouts(completion, type, parent)}.`);
      return BUBBLE;
    }
    return completed === REPORTED ? BUBBLE : completed;
  };
}

function list(inner: Completer, type: string): Completer {
  return (value, completion, parent) => {
    if (value === null || value === undefined) return null;
    if (!Array.isArray(value)) {
      completion.report(() => `Invalid non-list value found for ${whereabouts(completion, type, parent)}.`);
      return REPORTED;
    }
    let failed = false;
    const items = value.map((item, index) => {
      if (completion.tracked) completion.path.push(index);
      const completed = inner(item, completion, parent);
      if (completion.tracked) completion.path.pop();
      if (completed === BUBBLE) failed = true;
      return completed === REPORTED ? null : completed;
    });
    return failed ? REPORTED : items;
  };
}

function leaf(type: GraphQLLeafType): Completer {
  const isValid = validityOf(type);
  if (isValid === undefined) return (value) => value ?? null;
  return (value, completion, parent) => {
    if (value === null || value === undefined) return null;
    if (isValid(value)) return value;
    completion.report(() => `Invalid value found for ${whereabouts(completion, type.name, parent)}.`);
    return REPORTED;
  };
}

/** Whether a value of a leaf is valid; undefined for types that are no leaves. */
export function leafCheck(type: GraphQLOutputType): ((value: unknown) => boolean) | undefined {
  const nullable = getNullableType(type);
  return isLeafType(nullable) ? (validityOf(nullable) ?? (() => true)) : undefined;
}

/** Undefined for custom scalars: their subgraph alone knows what they look like. */
function validityOf(type: GraphQLLeafType): ((value: unknown) => boolean) | undefined {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => typeof value === 'string' && names.has(value);
  }
  if (!isSpecifiedScalarType(type)) return undefined;
  switch (type.name) {
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    case 'Int':
      return Number.isInteger;
    case 'Float':
      return Number.isFinite;
    case 'ID':
      return (value) => typeof value === 'string' || Number.isInteger(value);
    default:
      return (value) => typeof value === 'string';
  }
}

export function whereabouts({ path }: Completion, type: string, parent: string): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `array element of type ${type} at index ${last}` : `field ${parent}.${last}`;
}
