import { LockMode } from '@mikro-orm/core';
import { loggableError } from '../../../kit/errors/loggable-error.js';
import { AlertChanges } from '../alerts/alert-changes.js';
import { judgeCases } from '../following/judge-cases.js';
import { supervisedCases } from '../store/tables.js';
import type { Supervision } from '../supervision.js';

/** Cases looked at in one transaction. */
const BATCH = 100;
/** Milliseconds after which a case that could not be judged is tried again. */
const LATER = 600_000;

/**
 * Looks at the cases that are due to be looked at, those that have waited longest first: one transaction's worth. Other
 * instances that do the same at the same moment take others, or find them done. A case that can't be judged is put off,
 * so that it keeps none of the others from their alerts.
 * @returns how many were looked at; fewer than asked for when none is left
 * @throws what the store failed with
 */
export async function checkDue(supervision: Supervision, limit = BATCH): Promise<number> {
  try {
    return await checkTogether(supervision, { nextCheckAt: { $lte: supervision.clock() } }, limit);
  } catch (error) {
    supervision.log.warn(
      { err: loggableError(error) },
      'cases that are due could not be looked at together; looking at one after the other',
    );
    return await checkEach(supervision, limit);
  }
}

type Due = { readonly nextCheckAt: { readonly $lte: Date }; readonly id?: string };

function checkTogether({ store, feed, clock, ...rest }: Supervision, due: Due, limit: number): Promise<number> {
  return feed.transaction(store.fork(), async (tx, append) => {
    const now = clock();
    const rows = await tx.find(
      supervisedCases,
      due,
      // those that another instance looks at are left to it; SQLite knows no row locks, and lets one write at a time
      { orderBy: { nextCheckAt: 'asc', id: 'asc' }, limit, lockMode: LockMode.PESSIMISTIC_PARTIAL_WRITE },
    );
    if (rows.length === 0) return 0;
    const changes = new AlertChanges(tx, now);
    await judgeCases(tx, changes, rows, rest);
    await changes.flush(append);
    return rows.length;
  });
}

async function checkEach(supervision: Supervision, limit: number): Promise<number> {
  const { store, clock, log } = supervision;
  const nextCheckAt = { $lte: clock() };
  const rows = await store
    .fork()
    .find(
      supervisedCases,
      { nextCheckAt },
      { orderBy: { nextCheckAt: 'asc', id: 'asc' }, limit, fields: ['id'], disableIdentityMap: true },
    );
  for (const { id } of rows) {
    try {
      await checkTogether(supervision, { nextCheckAt, id }, 1);
    } catch (error) {
      await store.fork().nativeUpdate(supervisedCases, { id }, { nextCheckAt: new Date(clock().getTime() + LATER) });
      log.error({ subject: id, err: loggableError(error) }, 'a case can not be judged; it is tried again later, and others go on');
    }
  }
  return rows.length;
}

/** When the next case is due to be looked at, past or future; undefined when none is. */
export async function nextDue({ store }: Pick<Supervision, 'store'>): Promise<Date | undefined> {
  const [first] = await store
    .fork()
    .find(supervisedCases, { nextCheckAt: { $ne: null } }, { orderBy: { nextCheckAt: 'asc' }, limit: 1, fields: ['nextCheckAt'] });
  return first?.nextCheckAt ?? undefined;
}
