import { GraphQLError } from 'graphql';
import type { ErrorCode } from './catalogue.js';

/**
 * The only kind of error meant for clients: it has a code from the catalogue and a message that says what is wrong
 * and what to do. Neither may carry personal data.
 */
export class CataloguedError extends GraphQLError {
  override readonly name = 'CataloguedError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { code, ...extensions } });
    this.code = code;
  }
}
