import type { ApolloServerPlugin } from '@apollo/server';
import { SpanKind } from '@opentelemetry/api';
import type { FastifyInstance } from 'fastify';
import { newTraceParent, readTraceParent, TRACE_HEADER, traceParentOf } from '../../subgraphs/kit/traces/trace-parent.js';
import { endSpan, type Traces } from '../../subgraphs/kit/traces/traces.js';
import type { GatewayContext } from '../server/request-context.js';
import { RequestTrace } from './request-trace.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the request belongs to: as its client, or a proxy, says, or made up. */
    traceparent: string;
  }
}

/** Gives every request a trace to belong to, and has those to the graph recorded where there is anything to record them. */
export function traceRequests(app: FastifyInstance, traces: Traces | undefined): void {
  app.decorateRequest('traceparent', '');
  app.addHook('onRequest', async (request, { raw }) => {
    const { method, protocol, headers, routeOptions } = request;
    const parent = readTraceParent(headers[TRACE_HEADER]);
    request.traceparent = traceParentOf(parent ?? newTraceParent());
    const { url = '' } = routeOptions;
    if (traces === undefined || url !== '/graphql') return;
    const attributes = { 'http.request.method': method, 'http.route': url, 'url.path': url, 'url.scheme': protocol };
    const span = traces.begin(`${method} ${url}`, { kind: SpanKind.SERVER, attributes, parent });
    request.traceparent = traceParentOf(span.spanContext());
    raw.once('close', () => {
      span.setAttribute('http.response.status_code', raw.statusCode);
      endSpan(span, raw.statusCode >= 500 ? String(raw.statusCode) : raw.writableFinished ? undefined : 'REQUEST_CANCELLED');
    });
  });
}

/** Has queries and mutations recorded, over whatever transport they come. */
export function traceOperations(traces: Traces): ApolloServerPlugin<GatewayContext> {
  return {
    async requestDidStart({ contextValue }) {
      const trace = new RequestTrace(traces, 'GraphQL Operation', contextValue.traceparent);
      contextValue.trace = trace;
      const timed = (what: 'parse' | 'validate') => async () => {
        const began = performance.now();
        return async () => trace.took(what, began);
      };
      return {
        parsingDidStart: timed('parse'),
        validationDidStart: timed('validate'),
        didResolveOperation: async ({ operation }) => {
          if (operation !== null && operation !== undefined) trace.isOf(operation, contextValue.clientName);
        },
        willSendResponse: async ({ response: { body } }) => {
          const code = body.kind === 'single' ? body.singleResult.errors?.[0]?.extensions?.['code'] : undefined;
          trace.end(typeof code === 'string' ? code : undefined);
        },
      };
    },
  };
}
