/** How many connections a store may use, and how long it is waited for. Milliseconds, but for counts. */
export interface StoreLimits {
  /** Connections of one instance to one store at most. */
  readonly poolMax: number;
  /** For a connection to be made. */
  readonly connectTimeout: number;
  /** For a free connection, when all are in use. */
  readonly acquireTimeout: number;
  /** For the answer to one statement. Longer than {@link LOCK_WAIT}. */
  readonly queryTimeout: number;
}

export const DEFAULT_LIMITS: StoreLimits = { poolMax: 10, connectTimeout: 3_000, acquireTimeout: 3_000, queryTimeout: 20_000 };

/** Seconds that a statement waits for a lock. */
export const LOCK_WAIT = 5;
/**
 * Seconds after which the server undoes a transaction in which nothing happens: a process that was stopped in the middle
 * of one keeps its locks from everybody else until then. MySQL has no such limit but that for idle connections.
 */
export const IDLE_IN_TRANSACTION = 15;
export const IDLE_CONNECTION = 60;

/** How a store's connections are used at a moment. */
export interface PoolUse {
  /** Connections there are. */
  readonly size: number;
  /** Those that nobody uses. */
  readonly free: number;
  /** Who waits for one. */
  readonly waiting: number;
}
