import type { ApolloServer } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Overload } from '../../subgraphs/kit/server/overload.js';
import type { GatewayAudit } from '../audit/gateway-audit.js';
import { isAccident } from '../errors/client-error.js';
import { errorBody } from '../errors/error-body.js';
import type { Admission } from '../limits/admission.js';
import type { Logger } from '../observability/logger.js';
import type { ClientIdentity } from '../security/client-identity.js';
import type { OriginPolicy } from '../security/origin-policy.js';
import type { RateLimits } from '../security/rate-limits.js';
import { streamFormatOf } from '../subscriptions/transports/stream-formats.js';
import type { StreamServer } from '../subscriptions/transports/stream-server.js';
import { clientNameOf } from '../usage/client-name.js';
import { answerByApollo } from './apollo-handler.js';
import { refuseDeepNesting } from './document-limits.js';
import { type GatewayContext, tracedBy } from './request-context.js';

/** The header that says by which supergraph a request was answered. */
export const SUPERGRAPH_VERSION = 'supergraph-version';

export interface GraphqlRouteOptions {
  readonly identity: ClientIdentity;
  readonly admission: Admission;
  readonly origins: OriginPolicy;
  readonly rates: RateLimits;
  /** Turns requests away while there are too many. */
  readonly overload: Overload;
  readonly audit?: GatewayAudit | undefined;
  /** Apollo Server once it has a schema. */
  readonly apollo: () => ApolloServer<GatewayContext> | undefined;
  /** Of the supergraph in service; answers carry it, so that whoever published can wait for it. */
  readonly version: () => string | undefined;
  /** Answers clients that read streams. */
  readonly streams: StreamServer;
  /** Milliseconds after which fetches still under way are given up and the request is answered with what there is. */
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
}

/** Queries and mutations at `/graphql`. */
export function registerGraphqlRoute(
  app: FastifyInstance,
  { identity, admission, origins, rates, overload, audit, apollo, version, streams, requestTimeoutMs, logger }: GraphqlRouteOptions,
): void {
  const context = async (request: FastifyRequest, reply: FastifyReply): Promise<GatewayContext> => {
    const by = { address: request.ip, requestId: request.id };
    const { caller } = await identity.establish(request.headers.authorization, request.id).catch((error: unknown) => {
      if (isAccident(error)) logger.error({ err: error, requestId: request.id, ...tracedBy(request.traceparent) }, 'unexpected error');
      audit?.refused(error, by);
      throw error;
    });
    await rates.by(caller).catch((error: unknown) => {
      audit?.refused(error, { ...by, caller });
      throw error;
    });
    return {
      caller,
      address: request.ip,
      signal: signalOf(reply, requestTimeoutMs),
      deadline: performance.now() + requestTimeoutMs,
      traceparent: request.traceparent,
      legacyStatus: readsLegacyJson(request.headers.accept),
      clientName: clientNameOf(request.headers),
      reportCost: request.headers['x-acceptance-cost'] === 'report',
    };
  };
  app.options('/graphql', async ({ headers }, reply) =>
    reply
      .code(204)
      .headers({ allow: 'GET, POST', vary: 'origin', ...origins.preflightHeaders(headers) })
      .send(),
  );
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    // before the body is read
    async onRequest(request, reply) {
      overload.check();
      reply.headers({ 'cache-control': 'no-store', vary: 'origin', ...origins.corsHeaders(request.headers) });
      origins.check(request.headers);
      await rates.fromAddress(request.ip);
    },
    async handler(request, reply) {
      const server = apollo();
      if (server === undefined) {
        return reply
          .code(503)
          .header('retry-after', '1')
          .send(errorBody('GATEWAY_NOT_READY', 'the gateway has no schema yet; see /health/ready'));
      }
      reply.header(SUPERGRAPH_VERSION, version());
      admit(request, admission);
      const format = streamFormatOf(request.headers.accept);
      if (format !== undefined) return streams.answer(request, reply, format);
      reply.raw.once('close', overload.enter());
      return answerByApollo(server, request, reply, () => context(request, reply));
    },
  });
}

/** Puts what is to be run in the place of what came. @throws CataloguedError */
function admit(request: FastifyRequest, admission: Admission): void {
  if (request.method === 'GET') {
    const query = request.query as Record<string, unknown>;
    const read = { ...query, variables: parsed(query['variables']), extensions: parsed(query['extensions']) };
    const { query: text } = admission.admit(read) as Record<string, unknown>;
    if (admission.trusted === undefined) return;
    const { documentId: _, extensions: __, ...rest } = query;
    request.query = { ...rest, query: text };
    return;
  }
  const { body } = request;
  if (Array.isArray(body)) {
    admission.admitBatch(body);
    request.body = body.map((one: unknown) => (typeof one === 'object' && one !== null ? admission.admit(one) : one));
  } else if (typeof body === 'object' && body !== null) request.body = admission.admit(body);
}

/** JSON in a query string; what is none stays for others to refuse. @throws CataloguedError OPERATION_TOO_LARGE */
function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return text;
  refuseDeepNesting(text, 'body');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Aborts when the client leaves before it has its answer, or when time is up. */
function signalOf(reply: FastifyReply, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
  if (reply.request.socket.destroyed) controller.abort();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  reply.raw.once('close', () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** True when the client names application/json and not the media type made for GraphQL. */
function readsLegacyJson(accept: string | undefined): boolean {
  return accept !== undefined && /\bapplication\/json\b/i.test(accept) && !/\bapplication\/graphql-response\+json\b/i.test(accept);
}
