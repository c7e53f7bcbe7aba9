import { OptimisticLockError } from '@mikro-orm/core';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { toldOfStore } from '../store/store-fault.js';
import { CATALOGUE } from './catalogue.js';
import { CataloguedError } from './catalogued-error.js';
import { valueFreeMessage } from './value-free-message.js';

/**
 * What a client is told of an error. Catalogued errors and GraphQL's own pass; anything else is a fault of ours, goes
 * to `report` and is told neutrally, since its message may name tables, hosts or people.
 */
export function neutralError(formatted: GraphQLFormattedError, error: unknown, report: (error: unknown) => void): GraphQLFormattedError {
  const cause = rootCause(error);
  const place = { ...(formatted.locations && { locations: formatted.locations }), ...(formatted.path && { path: formatted.path }) };
  if (cause instanceof OptimisticLockError) {
    return { message: 'somebody else changed this meanwhile; read it again', extensions: { code: 'CONFLICT' }, ...place };
  }
  const ofStore = toldOfStore(cause);
  if (ofStore !== undefined) {
    report(error);
    return { message: ofStore.message, extensions: { code: ofStore.code }, ...place };
  }
  if (cause instanceof CataloguedError || (cause instanceof GraphQLError && cause.originalError === undefined)) {
    const { stacktrace: _stack, ...extensions } = formatted.extensions ?? {};
    const code = typeof extensions['code'] === 'string' && extensions['code'] in CATALOGUE ? extensions['code'] : 'BAD_USER_INPUT';
    // an execution error of graphql-js itself (a null in a non-null field) is ours, not the client's
    const ours = formatted.extensions?.['code'] === 'INTERNAL_SERVER_ERROR' || formatted.extensions?.['code'] === undefined;
    if (!ours) return { message: messageOf(cause, formatted), extensions: { ...extensions, code }, ...place };
  }
  report(error);
  return { message: 'a fault inside the service; it was logged', extensions: { code: 'INTERNAL_SERVER_ERROR' }, ...place };
}

/** Catalogued messages are written not to repeat values; GraphQL's own do repeat them. */
function messageOf(cause: unknown, { message }: GraphQLFormattedError): string {
  return cause instanceof CataloguedError ? message : valueFreeMessage(message);
}

function rootCause(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError != null) cause = cause.originalError;
  return cause;
}
