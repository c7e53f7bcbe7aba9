import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isAccident } from '../errors/client-error.js';
import { errorBody } from '../errors/error-body.js';
import type { Logger } from '../observability/logger.js';
import type { ClientIdentity } from '../security/client-identity.js';
import { streamFormatOf } from '../subscriptions/transports/stream-formats.js';
import type { StreamServer } from '../subscriptions/transports/stream-server.js';
import { clientNameOf } from '../usage/client-name.js';
import { refuseDeepNesting } from './document-limits.js';
import { type GatewayContext, traceparentOf } from './request-context.js';

/** The header that says by which supergraph a request was answered. */
export const SUPERGRAPH_VERSION = 'supergraph-version';

export interface GraphqlRouteOptions {
  readonly identity: ClientIdentity;
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
  { identity, apollo, version, streams, requestTimeoutMs, logger }: GraphqlRouteOptions,
): void {
  let handle: ReturnType<typeof fastifyApolloHandler> | undefined;
  const context = async (request: FastifyRequest, reply: FastifyReply): Promise<GatewayContext> => {
    const { caller } = await identity.establish(request.headers.authorization, request.id).catch((error: unknown) => {
      if (isAccident(error)) logger.error({ err: error, requestId: request.id }, 'unexpected error');
      throw error;
    });
    return {
      caller,
      signal: signalOf(reply, requestTimeoutMs),
      traceparent: traceparentOf(request.headers),
      legacyStatus: readsLegacyJson(request.headers.accept),
      clientName: clientNameOf(request.headers),
    };
  };
  app.options('/graphql', async (_request, reply) => reply.code(204).header('allow', 'GET, POST').send());
  app.route<{ Querystring: { query?: unknown }; Body: { query?: unknown } | undefined }>({
    method: ['GET', 'POST'],
    url: '/graphql',
    async handler(request, reply) {
      const server = apollo();
      if (server === undefined) {
        return reply
          .code(503)
          .header('retry-after', '1')
          .send(errorBody('GATEWAY_NOT_READY', 'the gateway has no schema yet; see /health/ready'));
      }
      reply.header(SUPERGRAPH_VERSION, version());
      for (const document of [request.query.query, request.body?.query]) {
        if (typeof document === 'string') refuseDeepNesting(document, 'document');
      }
      const format = streamFormatOf(request.headers.accept);
      if (format !== undefined) return streams.answer(request, reply, format);
      handle ??= fastifyApolloHandler(server, { context: context as never });
      return (handle as (request: unknown, reply: FastifyReply) => Promise<unknown>)(request, reply);
    },
  });
}

/** Aborts when the client leaves before it has its answer, or when time is up. */
function signalOf(reply: FastifyReply, timeoutMs: number): AbortSignal {
  const controller = new AbortController();
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
