import type { GraphQLFormattedError } from 'graphql';
import type { ErrorCode } from '../../subgraphs/kit/errors/catalogue.js';

/** The JSON of a response that has nothing but one error. */
export function errorBody(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}): { errors: [GraphQLFormattedError] } {
  return { errors: [{ message, extensions: { code, ...extensions } }] };
}
