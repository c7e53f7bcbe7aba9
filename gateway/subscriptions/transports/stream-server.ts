import type { FastifyReply, FastifyRequest } from 'fastify';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import type { GatewayAudit } from '../../audit/gateway-audit.js';
import type { ClientIdentity } from '../../security/client-identity.js';
import type { RateLimits } from '../../security/rate-limits.js';
import { clientNameOf } from '../../usage/client-name.js';
import type { ClientOperations, ClientRequest } from '../client-operations.js';
import type { LiveMetrics } from '../live-metrics.js';
import { scheduleEnd } from './connection-end.js';
import type { ClientLimits, ConnectionCounter } from './connection-limits.js';
import { StreamConnection } from './stream-connection.js';
import type { StreamFormat } from './stream-formats.js';

export interface StreamServerOptions {
  readonly identity: ClientIdentity;
  readonly operations: ClientOperations;
  readonly metrics: LiveMetrics;
  readonly limits: ClientLimits;
  readonly counter: ConnectionCounter;
  readonly rates: RateLimits;
  readonly audit?: GatewayAudit | undefined;
  /** Milliseconds between heartbeats. */
  readonly keepAliveMs?: number | undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Serves operations over HTTP responses that stay open: server-sent events and multipart subscriptions. */
export class StreamServer implements AsyncDisposable {
  readonly #options: StreamServerOptions;
  readonly #connections = new Set<StreamConnection>();
  readonly #heartbeat: NodeJS.Timeout;
  #draining = false;

  constructor(options: StreamServerOptions) {
    this.#options = options;
    this.#heartbeat = setInterval(() => {
      for (const connection of this.#connections) connection.heartbeat();
    }, options.keepAliveMs ?? 12_000);
  }

  /** Answers a request with a stream. @throws CataloguedError before anything is sent, when it can't be. */
  async answer(request: FastifyRequest, reply: FastifyReply, format: StreamFormat): Promise<void> {
    const { identity, operations, metrics, limits, counter, rates, audit } = this.#options;
    if (this.#draining) throw unavailable('DRAINING', 'this instance stops; connect again');
    const asked = readRequest(request);
    const { caller, expiresAt } = await identity.establish(request.headers.authorization, request.id);
    const by = { caller, address: request.ip, requestId: request.id };
    await rates.by(caller).catch((error: unknown) => {
      audit?.refused(error, by);
      throw error;
    });
    // a client that has left meanwhile would be counted for ever: nothing tells of it any more
    if (request.socket.destroyed) {
      reply.hijack();
      return;
    }
    const prepared = operations.prepare(asked);
    if (request.method !== 'POST' && 'kind' in prepared && prepared.kind === 'single' && prepared.isMutation) throw byPostOnly();
    const giveBack = counter.enter(caller, request.ip);
    if (giveBack === undefined) {
      if ('kind' in prepared && prepared.kind === 'subscription') prepared.lease[Symbol.dispose]();
      const error = unavailable('TOO_MANY_CONNECTIONS', 'too many live connections are open');
      audit?.refused(error, { ...by, action: 'connection' });
      throw error;
    }
    const clientName = clientNameOf(request.headers);
    reply.hijack();
    const gone = new AbortController();
    const connection = new StreamConnection({
      response: reply.raw,
      format,
      limits: { count: limits.queueCount, bytes: limits.queueBytes },
      metrics,
      headers: { ...headersOf(reply), 'x-request-id': request.id },
      told: (errors) => {
        audit?.refusedAll(errors, by);
        return operations.told(errors, { requestId: request.id, traceparent: request.traceparent });
      },
      onClosed: () => {
        gone.abort();
        end?.[Symbol.dispose]();
        giveBack();
        this.#connections.delete(connection);
      },
    });
    this.#connections.add(connection);
    const end = scheduleEnd(expiresAt, limits.lifetimeMs, (why) => {
      if (why === 'expired') connection.end([new CataloguedError('UNAUTHENTICATED', 'the token has expired')]);
      else connection.close('lifetime');
    });
    if (!('kind' in prepared)) connection.end(prepared);
    else if (prepared.kind === 'subscription')
      connection.subscription = operations.subscribe(prepared, { caller, clientName }, connection, lastEventId(request));
    else {
      const context = { caller, clientName, address: request.ip, signal: gone.signal, traceparent: request.traceparent };
      await operations.execute(prepared.request, context).then(
        (json) => connection.answer(json),
        (error: unknown) => connection.end([error]),
      );
    }
  }

  /** Ends every stream so that its client comes back, elsewhere. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#draining = true;
    clearInterval(this.#heartbeat);
    for (const connection of this.#connections) connection.close('drain');
  }
}

/** What was to be said with the answer, which is now written past the reply. */
function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** The position a browser's EventSource has come to. */
function lastEventId({ headers }: FastifyRequest): string | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && given !== '' ? given : undefined;
}

/** @throws CataloguedError BAD_REQUEST */
function readRequest({ method, query, body }: FastifyRequest): ClientRequest {
  const given: unknown = method === 'GET' ? parsed(query as Record<string, unknown>) : body;
  if (!isObject(given) || typeof given['query'] !== 'string') throw bad('the request has no `query`');
  const { operationName, variables } = given;
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') throw bad('`operationName` is no text');
  if (variables !== undefined && variables !== null && !isObject(variables)) throw bad('`variables` is no object');
  return { query: given['query'], operationName, variables };
}

function parsed(query: Record<string, unknown>): Record<string, unknown> {
  const { variables } = query;
  if (typeof variables !== 'string' || variables === '') return { ...query, variables: undefined };
  try {
    return { ...query, variables: JSON.parse(variables) as unknown };
  } catch {
    throw bad('`variables` is no JSON');
  }
}

const bad = (message: string) => new CataloguedError('BAD_REQUEST', message, { http: { status: 400 } });

const byPostOnly = () =>
  new CataloguedError('BAD_REQUEST', 'mutations are made by POST', { http: { status: 405, headers: new Map([['allow', 'POST']]) } });

const unavailable = (code: 'DRAINING' | 'TOO_MANY_CONNECTIONS', message: string) =>
  new CataloguedError(code, message, { http: { status: code === 'DRAINING' ? 503 : 429 } });
