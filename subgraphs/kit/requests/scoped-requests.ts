import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { type Span, SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { OperationTypeNode } from 'graphql';
import { readTraceParent, TRACE_HEADER } from '../traces/trace-parent.js';
import { endSpan, type Traces } from '../traces/traces.js';
import { DEADLINE_HEADER, deadlineOf } from './deadline.js';
import { currentScope, currentWork, RequestScope, runInScope } from './request-scope.js';

/** Has each request of `app` worked for in a scope of its own, which ends when whoever asked has left. */
export function scopeRequests(app: FastifyInstance, traces: Traces | undefined): void {
  // once the body is read: before, what follows would not run in it
  app.addHook('preHandler', (request, reply, done) => {
    const parent = readTraceParent(request.headers[TRACE_HEADER]);
    const span = request.routeOptions.url === '/graphql' ? traces?.begin(...serverSpan(request, parent)) : undefined;
    const scope = new RequestScope({
      requestId: requestIdOf(request),
      traceId: (span?.spanContext() ?? parent)?.traceId,
      deadline: deadlineOf(request.headers[DEADLINE_HEADER]),
    });
    const { raw } = reply;
    raw.once('close', () => {
      if (!raw.writableFinished) scope.leave();
      if (span !== undefined) endServerSpan(span, reply);
    });
    runInScope(scope, done, span?.isRecording() === true && traces !== undefined ? { traces, span } : undefined);
  });
}

/** As OpenTelemetry's conventions for HTTP have it; without addresses and what clients call themselves. */
function serverSpan({ method, protocol, routeOptions: { url = '' } }: FastifyRequest, parent: ReturnType<typeof readTraceParent>) {
  const attributes = { 'http.request.method': method, 'http.route': url, 'url.path': url, 'url.scheme': protocol };
  return [`${method} ${url}`, { kind: SpanKind.SERVER, attributes, parent }] as const;
}

function endServerSpan(span: Span, { raw, statusCode }: FastifyReply): void {
  span.setAttribute('http.response.status_code', statusCode);
  endSpan(span, statusCode >= 500 ? String(statusCode) : raw.writableFinished ? undefined : 'REQUEST_CANCELLED');
}

function requestIdOf({ headers, id }: FastifyRequest): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' ? given : id;
}

/** Lets a mutation that begins go on to its end, and has recorded what is asked. */
export function watchOperations<TContext extends BaseContext>(): ApolloServerPlugin<TContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ operation, operationName }) => {
        if (operation?.operation === OperationTypeNode.MUTATION) currentScope()?.keep();
        currentWork()?.span.setAttributes({
          'graphql.operation.type': operation?.operation ?? 'query',
          ...(operationName !== null && operationName !== undefined && { 'graphql.operation.name': operationName }),
        });
      },
      willSendResponse: async ({ response: { body } }) => {
        const code = body.kind === 'single' ? body.singleResult.errors?.[0]?.extensions?.['code'] : undefined;
        if (typeof code === 'string') currentWork()?.span.setAttribute('acceptance.error.code', code);
      },
    }),
  };
}
