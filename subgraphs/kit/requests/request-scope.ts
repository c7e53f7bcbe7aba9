import { AsyncLocalStorage } from 'node:async_hooks';
import { CataloguedError } from '../errors/catalogued-error.js';

export interface ScopeOptions {
  readonly requestId: string;
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
  readonly #deadline: number;
  readonly #left = new AbortController();
  #kept = false;

  constructor({ requestId, deadline = Number.POSITIVE_INFINITY }: ScopeOptions) {
    this.requestId = requestId;
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
    if (!this.#kept) this.#left.abort();
  }

  /** A mutation begins: from here on nothing stops it. @throws CataloguedError when it should not even begin */
  keep(): void {
    this.check();
    this.#kept = true;
  }

  /** @throws CataloguedError REQUEST_CANCELLED, DEADLINE_EXCEEDED */
  check(): void {
    if (this.#kept) return;
    if (this.#left.signal.aborted) throw new CataloguedError('REQUEST_CANCELLED', 'whoever asked has left');
    if (performance.now() > this.#deadline) throw new CataloguedError('DEADLINE_EXCEEDED', 'the time for this request is over');
  }
}

const scopes = new AsyncLocalStorage<RequestScope | undefined>();

/** The request that is worked for; undefined for work of the subgraph's own. */
export function currentScope(): RequestScope | undefined {
  return scopes.getStore();
}

export function runInScope<T>(scope: RequestScope, work: () => T): T {
  return scopes.run(scope, work);
}

/** Runs what others wait for, too, and must not end with the request that happened to begin it. */
export function runOutsideScope<T>(work: () => T): T {
  return scopes.run(undefined, work);
}
