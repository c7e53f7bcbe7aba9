import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { valueFreeMessage } from '../../subgraphs/kit/errors/value-free-message.js';

export const NEUTRAL_MESSAGE = 'an internal error; the logs have its cause under the request id';

/** Members of `extensions` by which frameworks show their insides. */
const PRIVATE_EXTENSIONS = ['stacktrace', 'exception', 'http'];

/** Faults of a client for which Apollo Server gives no code of their own. */
const CLIENT_FAULTS = new Set(['Unsupported persisted query version', 'provided sha does not match query']);

/** How graphql's parser words its `maxTokens`. */
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

/**
 * What a client is shown of an error. Errors made for clients, the gateway's own and those a subgraph answered with,
 * pass; anything thrown by accident is replaced by a neutral one.
 */
export function clientError(formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError {
  if (isAccident(error)) {
    const { locations, path } = formatted;
    return {
      message: NEUTRAL_MESSAGE,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: { code: 'INTERNAL_SERVER_ERROR' },
    };
  }
  const extensions = Object.fromEntries(Object.entries(formatted.extensions ?? {}).filter(([name]) => !PRIVATE_EXTENSIONS.includes(name)));
  if (CLIENT_FAULTS.has(formatted.message)) extensions['code'] = 'BAD_REQUEST';
  if (TOO_MANY_TOKENS.test(formatted.message)) extensions['code'] = 'OPERATION_TOO_LARGE';
  extensions['code'] ??= 'INTERNAL_SERVER_ERROR';
  // graphql-js repeats bad values in its messages, and a value may be somebody's identity number
  const message = error instanceof CataloguedError ? formatted.message : valueFreeMessage(formatted.message);
  return { ...formatted, message, extensions };
}

/** True for an error nobody meant a client to see. Its message may hold anything. */
export function isAccident(error: unknown): boolean {
  let cause = error;
  while (cause instanceof GraphQLError) {
    if (cause instanceof CataloguedError || cause.originalError == null) return false;
    cause = cause.originalError;
  }
  return true;
}
