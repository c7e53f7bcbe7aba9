import { GraphQLError } from 'graphql';
import type { ErrorCode } from '../../subgraphs/kit/errors/catalogue.js';
import type { CutPath } from './cut-document.js';

const CODE: ErrorCode = 'UNAUTHORIZED_FIELD_OR_TYPE';

/** Told for a place that was left out. In a path, `@` stands for every item of a list, as nobody has counted them. */
export function unauthorizedError(path: CutPath, extensions: Record<string, unknown> = {}): GraphQLError {
  return new GraphQLError('Unauthorized field or type', { path, extensions: { code: CODE, ...extensions } });
}
