import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import type { GatewayAudit } from '../../audit/gateway-audit.js';
import { isAccident } from '../../errors/client-error.js';
import type { Logger } from '../../observability/logger.js';
import type { ClientIdentity, EstablishedIdentity } from '../../security/client-identity.js';
import type { RateLimits } from '../../security/rate-limits.js';
import { type GatewayContext, requestIdOf, traceparentOf } from '../../server/request-context.js';
import { clientNameOf } from '../../usage/client-name.js';
import type { ClientOperations, ClientRequest, PreparedRequest } from '../client-operations.js';
import type { CloseReason, LiveMetrics } from '../live-metrics.js';
import type { Watcher } from '../live-operation.js';
import type { SharedResult } from '../shared-result.js';
import { scheduleEnd } from './connection-end.js';
import { type ClientLimits, type ConnectionCounter, MessageBudget } from './connection-limits.js';
import { messageFrame, nextFrame, nextTail } from './frames.js';
import { emptyShare, Outbox, type OutboxShare } from './outbox.js';
import { CLOSE, type ClientMessage, readMessage, SUBPROTOCOL } from './socket-messages.js';

/** What all sockets of a server have in common. */
export interface SocketSurroundings {
  readonly identity: ClientIdentity;
  readonly operations: ClientOperations;
  readonly logger: Logger;
  readonly metrics: LiveMetrics;
  readonly limits: ClientLimits;
  readonly counter: ConnectionCounter;
  readonly rates: RateLimits;
  readonly audit?: GatewayAudit | undefined;
}

/** Milliseconds in which a client must answer a close frame. */
const CLOSE_PATIENCE = 2_000;
/** Characters of the largest payload that a ping is answered with. */
const LONGEST_PONG = 1_024;

/** A running operation of a client. */
interface Running {
  leave(): void;
  /** What it was given has been taken. */
  ready?(): void;
}

/**
 * One client's connection, over graphql-transport-ws. What is read comes through `ws`; what is sent is written to the
 * network socket as frames made once for all clients. That is safe because frames are never compressed or fragmented
 * here, so none of `ws`'s own (pings, closes) can come between the parts of one.
 */
export class SocketConnection {
  readonly #socket: WebSocket;
  readonly #raw: Socket;
  readonly #around: SocketSurroundings;
  readonly #outbox: Outbox;
  readonly #running = new Map<string, Running>();
  /** Needed until the client has said who it is. */
  #headers: IncomingHttpHeaders | undefined;
  readonly #address: string;
  readonly #budget: MessageBudget;
  readonly #traceparent: string | undefined;
  #identity: EstablishedIdentity | undefined;
  #initialised = false;
  #timer: NodeJS.Timeout | undefined;
  #end: Disposable | undefined;
  #giveBack: (() => void) | undefined;
  readonly #named: () => void;
  #clientName: string | undefined;
  #closeReason: CloseReason = 'client';
  #idleSince = performance.now();
  /** Whether the last ping was answered. */
  answered = true;
  /** What the last ping held, which its answer has to hold, too. */
  #asked: string | undefined;

  /** @param named called once it has said whose it is, or is gone */
  constructor(
    socket: WebSocket,
    raw: Socket,
    headers: IncomingHttpHeaders,
    around: SocketSurroundings,
    address: string,
    named: () => void,
  ) {
    this.#named = named;
    this.#socket = socket;
    this.#raw = raw;
    this.#around = around;
    this.#headers = headers;
    this.#address = address;
    this.#budget = new MessageBudget(around.limits.messagesPerSecond, performance.now());
    this.#traceparent = traceparentOf(headers);
    const { limits, metrics } = around;
    this.#outbox = new Outbox(
      raw,
      { count: limits.queueCount, bytes: limits.queueBytes },
      () => this.tooSlow(),
      (change) => {
        metrics.queued += change;
      },
    );
    metrics.opened('websocket');
    raw.on('drain', this.#drained);
    socket.on('message', this.#message);
    socket.on('pong', this.#pong);
    socket.on('ping', this.#ping);
    socket.once('close', this.#closed);
    // a broken frame or an oversized message; `close` follows
    socket.on('error', this.#failed);
    if (socket.protocol !== SUBPROTOCOL) {
      this.close(CLOSE.subprotocolNotAcceptable, 'Subprotocol not acceptable', 'protocol');
      return;
    }
    if (limits.initTimeoutMs > 0)
      this.#timer = setTimeout(() => this.close(CLOSE.initTimeout, 'Connection initialisation timeout', 'protocol'), limits.initTimeoutMs);
  }

  /** Sends a ping, or gives up a client that has not answered the last one; closes one that has long had nothing to do. */
  heartbeat(now: number): void {
    const { idleMs } = this.#around.limits;
    if (!this.answered) {
      this.#closeReason = 'dead';
      this.#socket.terminate();
    } else if (idleMs > 0 && this.#running.size === 0 && now - this.#idleSince > idleMs) {
      this.close(CLOSE.normal, 'IDLE', 'idle');
    } else if (this.#socket.readyState === WebSocket.OPEN) {
      this.answered = false;
      this.#asked = String(Math.random());
      this.#socket.ping(this.#asked);
    }
  }

  /** Closes with a code; what waits for a client that reads slowly is dropped, as it resumes from its last cursor. */
  close(code: number, reason: string, why: CloseReason): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#closeReason = why;
    this.#outbox.close();
    this.#leaveAll();
    this.#socket.close(code, reason);
    clearTimeout(this.#timer);
    // one that does not answer the close frame, or can't, is not waited for
    this.#timer = setTimeout(() => this.#socket.terminate(), CLOSE_PATIENCE);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Closes as the client reads more slowly than events come. */
  tooSlow(): void {
    this.close(CLOSE.tooSlow, 'SUBSCRIPTION_TOO_SLOW', 'slow');
  }

  readonly #drained = (): void => {
    this.#outbox.drained();
    if (!this.#outbox.congested) for (const running of this.#running.values()) running.ready?.();
  };
  readonly #pong = (data: Buffer): void => {
    // one that was not asked for does not say that the client reads
    if (data.toString('latin1') === this.#asked) this.answered = true;
  };
  readonly #ping = (): void => void this.#afford();
  readonly #failed = (error: Error): void => {
    this.#closeReason = 'protocol';
    this.#around.logger.debug({ reason: error.message }, 'a client socket failed');
  };

  readonly #closed = (): void => {
    clearTimeout(this.#timer);
    this.#end?.[Symbol.dispose]();
    this.#raw.off('drain', this.#drained);
    this.#outbox.close();
    this.#leaveAll();
    this.#named();
    this.#giveBack?.();
    this.#around.metrics.closed('websocket', this.#closeReason);
    this.onClosed?.();
  };

  /** Called when the connection is gone. */
  onClosed: (() => void) | undefined;

  #leaveAll(): void {
    for (const running of this.#running.values()) running.leave();
    this.#running.clear();
  }

  readonly #message = (data: Buffer): void => {
    if (this.#socket.readyState !== WebSocket.OPEN || !this.#afford()) return;
    try {
      this.#take(readMessage(data.toString()));
    } catch (error) {
      // no message of one client may cost the others the process
      this.#around.logger.error({ err: error }, 'taking a message of a client failed');
      this.close(CLOSE.internalError, 'INTERNAL_SERVER_ERROR', 'protocol');
    }
  };

  #take(message: ClientMessage | undefined): void {
    switch (message?.type) {
      case 'connection_init':
        void this.#initialise(message.payload);
        break;
      case 'ping':
        this.#outbox.send(messageFrame(pongOf(message.payload)));
        break;
      case 'pong':
        break;
      case 'subscribe':
        this.#subscribe(message.id, message.payload);
        break;
      case 'complete':
        this.#running.get(message.id)?.leave();
        this.#finished(message.id);
        break;
      default:
        this.close(CLOSE.badRequest, 'Invalid message received', 'protocol');
    }
  }

  /** Closes a socket that says more than it may. */
  #afford(): boolean {
    if (this.#budget.take(performance.now())) return true;
    this.#refused(new CataloguedError('RATE_LIMITED', 'too many messages'));
    this.close(CLOSE.tooManyMessages, 'RATE_LIMITED', 'limit');
    return false;
  }

  async #initialise(payload: Readonly<Record<string, unknown>> | undefined): Promise<void> {
    const { identity, logger, limits, counter } = this.#around;
    if (this.#initialised) {
      this.close(CLOSE.tooManyInits, 'Too many initialisation requests', 'protocol');
      return;
    }
    this.#initialised = true;
    const headers = this.#headers ?? {};
    this.#headers = undefined;
    try {
      const established = await identity.establish(authorizationOf(payload, headers), requestIdOf(headers));
      if (this.#socket.readyState !== WebSocket.OPEN) return;
      this.#giveBack = counter.enter(established.caller, this.#address);
      if (this.#giveBack === undefined) {
        this.#refused(new CataloguedError('TOO_MANY_CONNECTIONS', 'too many live connections are open'), established.caller);
        this.close(CLOSE.tryAgainLater, 'TOO_MANY_CONNECTIONS', 'limit');
        return;
      }
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#named();
      this.#clientName = clientNameOf(headers, payload);
      this.#identity = established;
      this.#end = scheduleEnd(established.expiresAt, limits.lifetimeMs, (why) => {
        if (why === 'expired') this.close(CLOSE.forbidden, 'TOKEN_EXPIRED', 'expired');
        else this.close(CLOSE.serviceRestart, 'LIFETIME', 'lifetime');
      });
      this.#outbox.send(ACKNOWLEDGED);
    } catch (error) {
      // an accident of ours is no verdict on the client's token
      if (error instanceof CataloguedError && error.code === 'IDENTITY_UNAVAILABLE') {
        this.close(CLOSE.tryAgainLater, error.code, 'unauthenticated');
      } else if (isAccident(error)) {
        logger.error({ err: error }, 'establishing an identity failed');
        this.close(CLOSE.internalError, 'INTERNAL_SERVER_ERROR', 'unauthenticated');
      } else {
        this.#refused(error);
        this.close(CLOSE.unauthorized, 'UNAUTHENTICATED', 'unauthenticated');
      }
    }
  }

  #subscribe(id: string, request: ClientRequest): void {
    const { rates, limits } = this.#around;
    const identity = this.#identity;
    if (identity === undefined) {
      this.#refused(new CataloguedError('UNAUTHENTICATED', 'nothing runs before the connection is acknowledged'));
      this.close(CLOSE.unauthorized, 'Unauthorized', 'unauthenticated');
      return;
    }
    if (this.#running.has(id)) {
      this.close(CLOSE.subscriberAlreadyExists, 'Subscriber already exists', 'protocol');
      return;
    }
    if (limits.subscriptionsPerConnection > 0 && this.#running.size >= limits.subscriptionsPerConnection) {
      this.#error(id, [tooMany(limits.subscriptionsPerConnection)]);
      return;
    }
    const waiting = {
      left: false,
      leave() {
        this.left = true;
      },
    };
    this.#running.set(id, waiting);
    void rates
      .by(identity.caller)
      .then(() => {
        if (!waiting.left) this.#start(id, request, identity);
      })
      .catch((error: unknown) => {
        if (this.#running.has(id) && !waiting.left) this.ended(id, [error]);
      });
  }

  #start(id: string, request: ClientRequest, identity: EstablishedIdentity): void {
    const { operations } = this.#around;
    this.#finished(id);
    const prepared = operations.prepare(request);
    // every operation of a connection is a request of its own in the logs
    const caller = { ...identity.caller, requestId: requestIdOf({}) };
    if (!('kind' in prepared)) this.#error(id, prepared);
    else if (prepared.kind === 'single')
      void this.#execute(id, prepared, {
        caller,
        address: this.#address,
        signal: NEVER,
        traceparent: this.#traceparent,
        clientName: this.#clientName,
      });
    else this.#watch(id, prepared, caller);
  }

  #watch(id: string, prepared: PreparedRequest & { kind: 'subscription' }, caller: EstablishedIdentity['caller']): void {
    const watcher = new SocketWatcher(this, id, this.#outbox);
    // taken before it runs: a source may tell at once
    const running: Running = { leave: () => subscription.leave(), ready: () => watcher.operation?.ready() };
    this.#running.set(id, running);
    const subscription = this.#around.operations.subscribe(prepared, { caller, clientName: this.#clientName }, watcher);
  }

  async #execute(id: string, { request }: PreparedRequest, context: GatewayContext): Promise<void> {
    const { operations, logger } = this.#around;
    const gone = new AbortController();
    this.#running.set(id, { leave: () => gone.abort() });
    try {
      const json = await operations.execute(request, { ...context, signal: gone.signal });
      if (gone.signal.aborted) return;
      this.#outbox.send(messageFrame({ id, type: 'next', payload: JSON.parse(json) as unknown }));
      this.ended(id);
    } catch (error) {
      if (gone.signal.aborted) return;
      logger.error({ err: error }, 'running an operation failed');
      this.ended(id, [error]);
    }
  }

  /** Tells the client that one of its operations is over. */
  ended(id: string, errors?: readonly unknown[]): void {
    this.#finished(id);
    if (errors === undefined) this.#outbox.send(messageFrame({ id, type: 'complete' }));
    else this.#error(id, errors);
  }

  /** Notes what the connection as a whole was refused. */
  #refused(error: unknown, caller = this.#identity?.caller): void {
    const requestId = caller?.requestId ?? '';
    this.#around.audit?.refused(error, { caller, address: this.#address, requestId, action: 'connection' });
  }

  #error(id: string, errors: readonly unknown[]): void {
    const caller = this.#identity?.caller;
    this.#around.audit?.refusedAll(errors, { caller, address: this.#address, requestId: caller?.requestId ?? '' });
    this.#outbox.send(messageFrame({ id, type: 'error', payload: this.#around.operations.told(errors) }));
  }

  #finished(id: string): void {
    this.#running.delete(id);
    if (this.#running.size === 0) this.#idleSince = performance.now();
  }
}

const ACKNOWLEDGED = messageFrame({ type: 'connection_ack' });
const NEVER = new AbortController().signal;

/** One subscription on a socket. */
class SocketWatcher implements Watcher {
  operation: Watcher['operation'];
  readonly #connection: SocketConnection;
  readonly #id: string;
  readonly #tail: string;
  readonly #outbox: Outbox;
  readonly #share: OutboxShare = emptyShare();

  constructor(connection: SocketConnection, id: string, outbox: Outbox) {
    this.#connection = connection;
    this.#id = id;
    this.#tail = nextTail(id);
    this.#outbox = outbox;
  }

  next(results: readonly SharedResult[]): void {
    let frames = '';
    for (const result of results) frames += nextFrame(result, this.#tail);
    this.#outbox.send(frames, this.#share, results.length);
  }

  get congested(): boolean {
    return this.#outbox.congested;
  }

  end(errors?: readonly unknown[]): void {
    this.#connection.ended(this.#id, errors);
  }

  tooSlow(): void {
    this.#connection.tooSlow();
  }
}

/** Browsers can't set headers on sockets, so the payload of connection_init comes first. */
function authorizationOf(payload: Readonly<Record<string, unknown>> | undefined, headers: IncomingHttpHeaders): string | undefined {
  const given = payload?.['authorization'] ?? payload?.['Authorization'] ?? headers.authorization;
  if (given === undefined || typeof given === 'string') return given;
  // whatever it is, it is no token, and must not pass for an anonymous caller
  return typeof given;
}

/** The answer to a ping. What came with it comes back where it is small: a client that does not read must not fill memory with it. */
function pongOf(payload: unknown): { type: 'pong'; payload?: unknown } {
  const isSmall = payload != null && JSON.stringify(payload).length <= LONGEST_PONG;
  return { type: 'pong', ...(isSmall && { payload }) };
}

function tooMany(limit: number): CataloguedError {
  return new CataloguedError('TOO_MANY_SUBSCRIPTIONS', `a connection carries at most ${limit} operations at a time`, { limit });
}
