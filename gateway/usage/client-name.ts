import type { IncomingHttpHeaders } from 'node:http';

/** Under what clients that do not say who they are are counted. */
export const UNNAMED_CLIENT = 'unnamed';
const HEADERS = ['apollographql-client-name', 'graphql-client-name'];
const NAME = /^[\p{L}\p{N} ._:@/()-]{1,64}$/u;

/**
 * How a client names itself: by header, or in a socket's connection_init payload under the same names or as `clientName`.
 * A name that is not fit to be kept counts as none.
 */
export function clientNameOf(headers: IncomingHttpHeaders, connectionParams?: Readonly<Record<string, unknown>> | null): string {
  const given = [...HEADERS, 'clientName'].map((name) => connectionParams?.[name]).concat(HEADERS.map((name) => headers[name]));
  const name = given.find((value) => typeof value === 'string' && NAME.test(value));
  return typeof name === 'string' ? name : UNNAMED_CLIENT;
}
