import { LEASE_TTL } from '../../kit/leases/leadership.js';
import type { Backoff } from './dispatch/backoff.js';
import type { SocketPatience } from './following/department-source.js';

/** How long the ledger waits for others. Milliseconds, but for counts. */
export interface AcceptanceTiming {
  /** Between attempts to follow a feed. */
  readonly feedBackoff: Backoff;
  /** Between attempts to hand a case over. */
  readonly dispatchBackoff: Backoff;
  /** How long a department may take to receive a case. */
  readonly receiveTimeout: number;
  /** After which a case whose worker died is handed over by another; longer than `receiveTimeout`. */
  readonly dispatchLease: number;
  /** How often is looked for cases to hand over, should every wake-up be lost. */
  readonly dispatchPoll: number;
  readonly socket: SocketPatience;
  /** How often is looked for applications to be deemed accepted, and dossiers to seal, should no wake-up come. */
  readonly timerPoll: number;
  /** After which the work of an instance that died without a word is another's: timers, dossiers, the feeds it follows. */
  readonly leaseTtl: number;
  /** How long after a case is closed its dossier is sealed. */
  readonly sealAfter: number;
}

export const DEFAULT_TIMING: AcceptanceTiming = {
  feedBackoff: { first: 200, most: 5_000 },
  dispatchBackoff: { first: 200, most: 30_000 },
  receiveTimeout: 10_000,
  dispatchLease: 30_000,
  dispatchPoll: 1_000,
  socket: { attempts: 3, connecting: 10_000, settled: 5_000, pollInterval: 1_000, polling: 60_000 },
  timerPoll: 30_000,
  leaseTtl: LEASE_TTL,
  sealAfter: 24 * 3_600_000,
};
