import { LockMode } from '@mikro-orm/core';
import { AlertChanges } from '../alerts/alert-changes.js';
import { judgeCases } from '../following/judge-cases.js';
import { supervisedCases } from '../store/tables.js';
import type { Supervision } from '../supervision.js';

/** Cases looked at in one transaction. */
const BATCH = 100;

/**
 * Looks at the cases that are due to be looked at, those that have waited longest first: one transaction's worth. Other
 * instances that do the same at the same moment take others, or find them done.
 * @returns how many were looked at; fewer than asked for when none is left
 */
export async function checkDue(supervision: Supervision, limit = BATCH): Promise<number> {
  const { store, feed, clock } = supervision;
  return feed.transaction(store.fork(), async (tx, append) => {
    const now = clock();
    const due = await tx.find(
      supervisedCases,
      { nextCheckAt: { $lte: now } },
      // those that another instance looks at are left to it; SQLite knows no row locks, and lets one write at a time
      { orderBy: { nextCheckAt: 'asc', id: 'asc' }, limit, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
    );
    if (due.length === 0) return 0;
    const changes = new AlertChanges(tx, now);
    await judgeCases(tx, changes, due, supervision);
    await changes.flush(append);
    return due.length;
  });
}

/** When the next case is due to be looked at, past or future; undefined when none is. */
export async function nextDue({ store }: Pick<Supervision, 'store'>): Promise<Date | undefined> {
  const [first] = await store
    .fork()
    .find(supervisedCases, { nextCheckAt: { $ne: null } }, { orderBy: { nextCheckAt: 'asc' }, limit: 1, fields: ['nextCheckAt'] });
  return first?.nextCheckAt ?? undefined;
}
