import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { newTraceParent, readTraceParent, TRACE_HEADER, traceParentOf } from '../../subgraphs/kit/traces/trace-parent.js';
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

/** The id the client, or a proxy before us, gave the request where it is fit for logs; a new one otherwise. */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** What a socket's operations belong to: as whoever opened it says, or made up. */
export function traceparentOf(headers: IncomingHttpHeaders): string {
  return traceParentOf(readTraceParent(headers[TRACE_HEADER]) ?? newTraceParent());
}

/** What log lines say of a request beside its id. */
export function tracedBy(traceparent: string | undefined): { readonly trace_id?: string | undefined } {
  return traceparent === undefined ? {} : { trace_id: traceparent.split('-')[1] };
}
