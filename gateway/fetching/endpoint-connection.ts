import { type Dispatcher, Pool } from 'undici';
import type { SubgraphResponse } from '../execution/subgraph-fetch.js';
import { Breaker } from './breaker.js';
import { Bulkhead } from './bulkhead.js';
import { exchange } from './exchange.js';
import type { EndpointState } from './fetch-observer.js';

export interface ConnectionLimits {
  /** Requests to one endpoint at a time. */
  readonly concurrent: number;
  /** Requests that may wait for their turn beyond that. */
  readonly waiting: number;
  /** Bytes of one response. */
  readonly maxResponseSize: number;
  readonly breakerFailures: number;
  readonly breakerProbeMs: number;
}

export interface SendWatch {
  sent(): void;
  answered(status: number): void;
}

export interface WireRequest {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly timeoutMs: number;
  /** The client left, or its whole request is out of time. */
  readonly signal: AbortSignal;
  /** True when it may be sent a second time, and broken off: it changes nothing. */
  readonly repeatable: boolean;
  /** Told of each time it is sent. */
  readonly watch?: SendWatch | undefined;
  /** Sent to find out whether the peer is back, so a breaker that is open does not hold it up. */
  readonly probe?: boolean;
}

/** What came of asking, when there is no answer. */
export type Failure = 'timeout' | 'failed' | 'shed' | 'breaker' | 'bulkhead' | 'abandoned';

/** Why there is no answer; for logs. `theirs` when the peer is to blame, so that it counts for the breaker. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  /** True when nobody has seen the request: whatever it is, it may be sent to another instance. */
  readonly unseen: boolean;
  /** True when it was sent a second time already, on another connection, or may not be sent again. */
  readonly final: boolean;

  constructor(
    message: string,
    readonly outcome: Failure,
    { unseen = false, final = false, ...options }: ErrorOptions & { readonly unseen?: boolean; readonly final?: boolean } = {},
  ) {
    super(message, options);
    this.unseen = unseen;
    this.final = final;
  }

  get theirs(): boolean {
    return this.outcome === 'timeout' || this.outcome === 'failed';
  }
}

/** Errors of a connection that was never made. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT']);
/** Milliseconds for which an instance that closes its connections counts as about to stop. */
const LEAVING = 2_000;

/** Errors of a connection the peer had already closed when the request went out on it. */
const STALE_CONNECTION = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** Codes by which a peer says that it has not looked at a request. */
const SHED = new Set<unknown>(['OVERLOADED', 'DRAINING']);

/** One peer's connections, with what keeps its troubles to itself: a breaker, bounded concurrency, bounded responses. */
export class EndpointConnection {
  readonly breaker: Breaker;
  readonly #limits: ConnectionLimits;
  readonly #mayRetry: () => boolean;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #bulkhead: Bulkhead;
  #leavingUntil = 0;

  /** @param mayRetry asked before a request is sent a second time */
  constructor(url: string, limits: ConnectionLimits, mayRetry: () => boolean = () => true) {
    this.#limits = limits;
    this.#mayRetry = mayRetry;
    const { origin, pathname, search } = new URL(url);
    this.#path = `${pathname}${search}`;
    this.#pool = new Pool(origin, {
      connections: limits.concurrent,
      maxResponseSize: limits.maxResponseSize,
      connectTimeout: 5_000,
      // the deadline of each call covers these
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#bulkhead = new Bulkhead(limits.concurrent, limits.waiting);
    this.breaker = new Breaker({ failures: limits.breakerFailures, probeEveryMs: limits.breakerProbeMs });
  }

  /** Whether the peer said that it closes its connections, as one that is about to stop does. */
  get leaving(): boolean {
    return performance.now() < this.#leavingUntil;
  }

  get state(): Omit<EndpointState, 'peer'> {
    const { running, waiting } = this.#bulkhead;
    return { open: this.breaker.open, running, waiting, size: this.#limits.concurrent };
  }

  /** @throws NoAnswer */
  async ask(request: WireRequest): Promise<SubgraphResponse> {
    if (request.signal.aborted) throw new NoAnswer('the client left', 'abandoned', { unseen: true });
    if (request.timeoutMs <= 0) throw new NoAnswer('the request is out of time', 'abandoned', { unseen: true });
    if (request.probe !== true && !this.breaker.admits())
      throw new NoAnswer('it failed repeatedly; the next probe is due soon', 'breaker', { unseen: true });
    const deadline = new AbortController();
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      deadline.abort();
    }, request.timeoutMs);
    const leave = () => deadline.abort();
    request.signal.addEventListener('abort', leave, { once: true });
    try {
      if (!(await this.#bulkhead.enter(deadline.signal))) throw this.#turnedAway(timedOut, request);
      // what may change something is not broken off half-way because nobody waits for it any more
      if (!request.repeatable) request.signal.removeEventListener('abort', leave);
      try {
        const response = await this.#send(request, deadline.signal);
        this.breaker.succeeded();
        return response;
      } finally {
        this.#bulkhead.leave();
      }
    } catch (error) {
      const reason = this.#reason(error, timedOut, request);
      if (reason.theirs) this.breaker.failed();
      throw reason;
    } finally {
      clearTimeout(timer);
      request.signal.removeEventListener('abort', leave);
    }
  }

  #turnedAway(timedOut: boolean, { signal, timeoutMs }: WireRequest): NoAnswer {
    if (timedOut) return new NoAnswer(`no turn in ${timeoutMs} ms`, 'bulkhead', { unseen: true });
    if (signal.aborted) return new NoAnswer('the client left', 'abandoned', { unseen: true });
    return new NoAnswer('too many requests wait for it', 'bulkhead', { unseen: true });
  }

  #reason(error: unknown, timedOut: boolean, { signal, timeoutMs }: WireRequest): NoAnswer {
    if (error instanceof NoAnswer) return error;
    if (timedOut) return new NoAnswer(`no answer in ${timeoutMs} ms`, 'timeout');
    if (signal.aborted) return new NoAnswer('the client left', 'abandoned');
    const unseen = NOT_CONNECTED.has((error as NodeJS.ErrnoException).code ?? '');
    return new NoAnswer('the connection failed', 'failed', { cause: error, unseen });
  }

  async #send(request: WireRequest, signal: AbortSignal): Promise<SubgraphResponse> {
    const options: Dispatcher.DispatchOptions = { method: 'POST', path: this.#path, headers: request.headers, body: request.body };
    try {
      return await this.#exchange(options, signal, request);
    } catch (error) {
      const stale = STALE_CONNECTION.has((error as NodeJS.ErrnoException).code ?? '');
      if (!stale || !request.repeatable || signal.aborted) throw error;
      if (!this.#mayRetry()) throw new NoAnswer('the connection failed', 'failed', { cause: error, final: true });
      try {
        return await this.#exchange(options, signal, request);
      } catch (again) {
        if (signal.aborted) throw again;
        throw new NoAnswer('the connection failed twice', 'failed', { cause: again, final: true });
      }
    }
  }

  async #exchange(options: Dispatcher.DispatchOptions, signal: AbortSignal, { watch }: WireRequest): Promise<SubgraphResponse> {
    watch?.sent();
    const { statusCode, closes, text } = await exchange(this.#pool, options, signal);
    watch?.answered(statusCode);
    if (closes) this.#leavingUntil = performance.now() + LEAVING;
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      throw new NoAnswer(`HTTP ${statusCode} without JSON`, 'failed');
    }
    if (statusCode === 503 && SHED.has((answer as Partial<SubgraphResponse> | null)?.errors?.[0]?.extensions?.['code'])) {
      throw new NoAnswer('it has too much to do, or is about to stop', 'shed', { unseen: true });
    }
    if (!isGraphQLResponse(answer)) throw new NoAnswer(`HTTP ${statusCode} without a GraphQL response`, 'failed');
    return answer;
  }

  /** Ends when the requests under way have ended. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  async destroy(): Promise<void> {
    await this.#pool.destroy();
  }
}

function isGraphQLResponse(answer: unknown): answer is SubgraphResponse {
  if (typeof answer !== 'object' || answer === null) return false;
  const { data, errors } = answer as { data?: unknown; errors?: unknown };
  return Array.isArray(errors)
    ? typeof data === 'object' || data === undefined
    : typeof data === 'object' && data !== null && errors == null;
}
