import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../subgraphs/kit/errors/catalogue.js';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { RequestMetrics } from '../../subgraphs/kit/observability/request-metrics.js';
import type { Traces } from '../../subgraphs/kit/traces/traces.js';
import { NEUTRAL_MESSAGE } from '../errors/client-error.js';
import { errorBody } from '../errors/error-body.js';
import type { Logger } from '../observability/logger.js';
import { traceRequests } from '../observability/traced-requests.js';
import { SECURITY_HEADERS, STRICT_TRANSPORT } from '../security/security-headers.js';
import { refuseDeepNesting } from './document-limits.js';
import { requestIdOf, tracedBy } from './request-context.js';

export interface HttpAppOptions {
  readonly logger: Logger;
  readonly requests: Pick<RequestMetrics, 'begin'>;
  /** Bytes of one request body. */
  readonly bodyLimit: number;
  /** Milliseconds in which a request must have arrived in full. */
  readonly arrivalTimeoutMs: number;
  /** Proxies whose word about a client's address is taken. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Whether browsers are told to come by TLS only. */
  readonly strictTransport?: boolean | undefined;
  /** Records requests to the graph; absent: nothing is recorded. */
  readonly traces?: Traces | undefined;
  /** Told of every fault that is answered, with the code it is answered with. */
  readonly onFault?: ((error: unknown, code: ErrorCode, request: FastifyRequest) => void) | undefined;
}

/** An HTTP server that takes JSON and answers every fault with a GraphQL-shaped error. */
export function createHttpApp({
  logger,
  requests,
  bodyLimit,
  arrivalTimeoutMs,
  trustedProxies = [],
  strictTransport = false,
  traces,
  onFault,
}: HttpAppOptions): FastifyInstance {
  const headers = { ...SECURITY_HEADERS, ...(strictTransport && { 'strict-transport-security': STRICT_TRANSPORT }) };
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const { status, code, message, extensions, headers: told = [] } = explain(error, bodyLimit);
    onFault?.(error, code, request);
    for (const [name, value] of told) reply.header(name, value);
    if (status >= 500) logger.error({ err: error, requestId: request.id, ...tracedBy(request.traceparent) }, 'unexpected error');
    return reply.code(status).send(errorBody(code, message, extensions));
  };
  const app = Fastify({
    bodyLimit,
    ...(trustedProxies.length > 0 && { trustProxy: [...trustedProxies] }),
    requestTimeout: arrivalTimeoutMs,
    // Node swaps the two timeouts when the one for headers, 60 s by default, is the longer
    http: {
      requestTimeout: arrivalTimeoutMs,
      headersTimeout: arrivalTimeoutMs,
      // a client that offers HTTP/2 in clear text with its request (as Java's does) is answered in HTTP/1.1 (RFC 9110 §7.8)
      shouldUpgradeCallback: ({ headers }) => /^websocket$/i.test(headers.upgrade ?? ''),
      connectionsCheckingInterval: Math.min(arrivalTimeoutMs, 5_000),
    },
    genReqId: ({ headers }) => requestIdOf(headers),
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: answerError,
    clientErrorHandler: answerBrokenRequest,
  });
  traceRequests(app, traces);
  app.addHook('onRequest', async (request, reply) => {
    reply.raw.once('close', requests.begin());
    reply.headers({ ...headers, 'x-request-id': request.id });
  });
  app.addHook('onResponse', async ({ id, method, routeOptions, traceparent }, { statusCode, elapsedTime }) => {
    logger.debug(
      { requestId: id, ...tracedBy(traceparent), method, route: routeOptions.url, statusCode, ms: Math.round(elapsedTime) },
      'answered',
    );
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(/^application\/json\s*(;|$)/i, { parseAs: 'buffer' }, async ({ headers }: FastifyRequest, body: Buffer) =>
    readJson(body, headers['content-type'] ?? '', headers['content-encoding']),
  );
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(({ url }, reply) => {
    const { pathname } = new URL(url, 'http://gateway.invalid');
    if (/^\/graphql\/?$/.test(pathname)) {
      return reply.code(405).header('allow', 'GET, POST').send(errorBody('BAD_REQUEST', 'this address takes GET and POST'));
    }
    return reply.code(404).send(errorBody('NOT_FOUND', 'nothing is served at this address; the graph is at /graphql'));
  });
  return app;
}

function readJson(body: Buffer, contentType: string, encoding: string | undefined): unknown {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw badRequest(415, `the charset ${JSON.stringify(charset)} is not taken, only utf-8`);
  if (encoding !== undefined && encoding !== 'identity') throw badRequest(415, 'compressed requests are not taken');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw badRequest(400, 'the body is not UTF-8');
  }
  refuseDeepNesting(text, 'body');
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(400, 'the body is not JSON');
  }
}

const badRequest = (status: number, message: string) => new CataloguedError('BAD_REQUEST', message, { http: { status } });

interface Explanation {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly extensions: Record<string, unknown>;
  readonly headers?: Iterable<readonly [string, string]> | undefined;
}

function explain(error: unknown, limit: number): Explanation {
  if (error instanceof CataloguedError) {
    const {
      http,
      code: _code,
      ...extensions
    } = error.extensions as {
      http?: { status?: number; headers?: Map<string, string> };
    } & Record<string, unknown>;
    return { status: http?.status ?? 400, code: error.code, message: error.message, extensions, headers: http?.headers };
  }
  const { code, statusCode = 500 } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return { status: 413, code: 'PAYLOAD_TOO_LARGE', message: `the body is larger than ${limit} bytes`, extensions: { limit } };
  }
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
    return { status: 415, code: 'BAD_REQUEST', message: 'the content-type must be application/json', extensions: {} };
  }
  if (statusCode >= 400 && statusCode < 500) {
    return { status: statusCode, code: 'BAD_REQUEST', message: 'the request is malformed', extensions: {} };
  }
  return { status: 500, code: 'INTERNAL_SERVER_ERROR', message: NEUTRAL_MESSAGE, extensions: {} };
}

/** Answers bytes that are no HTTP request, or one that never arrives in full. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const body = JSON.stringify(errorBody('BAD_REQUEST', 'this is no complete HTTP request'));
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}
