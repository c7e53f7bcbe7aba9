import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { FetchContext } from '../fetching/subgraph-client.js';

/** What one request runs with, from its arrival to the last fetch made for it. */
export interface GatewayContext extends FetchContext {
  /** The media type the client reads is the older one, for which GraphQL over HTTP wants status 200 with every well-formed request. */
  readonly legacyStatus?: boolean;
  /** The client wants to know what its operation may cost. */
  readonly reportCost?: boolean;
  /** Where it came from. */
  readonly address?: string | undefined;
  /** How the client names itself, for counting who uses what. */
  readonly clientName?: string | undefined;
}

const REQUEST_ID = /^[\w.:-]{1,64}$/;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The id the client, or a proxy before us, gave the request where it is fit for logs; a new one otherwise. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

export function traceparentOf(headers: IncomingHttpHeaders): string | undefined {
  const given = headers['traceparent'];
  return typeof given === 'string' && TRACEPARENT.test(given) ? given : undefined;
}
