import { LEASE_TTL } from '../../kit/leases/leadership.js';

/** How long supervision waits for others. Milliseconds. */
export interface SupervisionTiming {
  /** Between attempts to follow a feed: the first, and at most. */
  readonly feedBackoff: { readonly first: number; readonly most: number };
  /** How often is looked for cases that are due, should another instance have learnt of them. */
  readonly duePoll: number;
  /** After which the work of an instance that died without a word is another's. */
  readonly leaseTtl: number;
}

export const DEFAULT_TIMING: SupervisionTiming = {
  feedBackoff: { first: 200, most: 5_000 },
  duePoll: 1_000,
  leaseTtl: LEASE_TTL,
};
