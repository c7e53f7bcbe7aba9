import type { Failure } from './endpoint-connection.js';

/** What came of one request to a peer. */
export type FetchOutcome = 'ok' | 'errors' | Failure;

/** Who is told of every request to a peer. Must be quick, and must not throw. */
export interface FetchObserver {
  /** @param ms from asking to the answer, or to giving up; waiting and retries included */
  fetched(peer: string, outcome: FetchOutcome, ms: number): void;
  /** A second attempt was made, or the budget did not allow it. */
  retried(peer: string, outcome: 'made' | 'denied'): void;
}

/** How one peer is found at this moment. */
export interface EndpointState {
  /** A department's code, or a platform subgraph's name. */
  readonly peer: string;
  /** It failed so often in a row that it is only probed. */
  readonly open: boolean;
  /** Requests under way, those that wait for their turn, and how many may be under way. */
  readonly running: number;
  readonly waiting: number;
  readonly size: number;
}
