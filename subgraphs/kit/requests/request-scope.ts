import { AsyncLocalStorage } from 'node:async_hooks';
import type { Span } from '@opentelemetry/api';
import { CataloguedError } from '../errors/catalogued-error.js';
import { newTraceParent } from '../traces/trace-parent.js';
import type { Traces } from '../traces/traces.js';

export interface ScopeOptions {
  readonly requestId: string;
  /** Of the trace that it belongs to, whether or not that is recorded; a new one when left out. */
  readonly traceId?: string | undefined;
  /** By `performance.now()`; absent: none. */
  readonly deadline?: number | undefined;
}

/**
 * One request to a subgraph, for whatever works for it: when its answer is no longer of use, and whether anybody still waits
 * for it. Resolvers, statements and calls to other subgraphs ask it before they begin. A mutation that has begun is
 * never broken off: it goes on to its end, whoever has left and however late it is.
 */
export class RequestScope {
  readonly requestId: string;
  readonly traceId: string;
  readonly #deadline: number;
  readonly #left = new AbortController();
  #kept = false;
  #gone = false;

  constructor({ requestId, traceId = newTraceParent().traceId, deadline = Number.POSITIVE_INFINITY }: ScopeOptions) {
    this.requestId = requestId;
    this.traceId = traceId;
    this.#deadline = deadline;
  }

  /** Aborts when whoever asked has left; never once a mutation has begun. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  /** Milliseconds for which the answer is still of use. */
  get timeLeft(): number {
    return this.#kept ? Number.POSITIVE_INFINITY : this.#deadline - performance.now();
  }

  /** Whoever asked has left. */
  leave(): void {
    if (this.#kept) return;
    this.#gone = true;
    this.#left.abort();
  }

  /** A mutation begins: from here on nothing stops it. @throws CataloguedError when it should not even begin */
  keep(): void {
    this.check();
    this.#kept = true;
  }

  /** @throws CataloguedError REQUEST_CANCELLED, DEADLINE_EXCEEDED */
  check(): void {
    if (this.#kept) return;
    if (this.#gone) throw new CataloguedError('REQUEST_CANCELLED', 'whoever asked has left');
    if (performance.now() > this.#deadline) throw new CataloguedError('DEADLINE_EXCEEDED', 'the time for this request is over');
  }
}

/** A span that is recorded, and where those below it go. */
export interface RecordedWork {
  readonly traces: Traces;
  readonly span: Span;
}

interface Work {
  readonly scope: RequestScope | undefined;
  readonly recorded: RecordedWork | undefined;
}

const works = new AsyncLocalStorage<Work | undefined>();

/** The request that is worked for; undefined for work of the subgraph's own. */
export function currentScope(): RequestScope | undefined {
  return works.getStore()?.scope;
}

/** What is recorded of the work that is being done; undefined while nothing is. */
export function currentWork(): RecordedWork | undefined {
  return works.getStore()?.recorded;
}

export function runInScope<T>(scope: RequestScope, work: () => T, recorded?: RecordedWork): T {
  return works.run({ scope, recorded }, work);
}

/** Does work under a span of its own, for the same request as before. */
export function runInSpan<T>(recorded: RecordedWork, work: () => T): T {
  return works.run({ scope: currentScope(), recorded }, work);
}

/** Runs what others wait for, too, and must not end with the request that happened to begin it. */
export function runOutsideScope<T>(work: () => T): T {
  return works.run(undefined, work);
}

/** What every log line says of the request that it is written for. */
export function logFields(): Record<string, string> {
  const work = works.getStore();
  if (work?.scope !== undefined) return { requestId: work.scope.requestId, trace_id: work.scope.traceId };
  return work?.recorded === undefined ? {} : { trace_id: work.recorded.span.spanContext().traceId };
}
