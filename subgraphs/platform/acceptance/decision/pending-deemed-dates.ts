import { LockMode } from '@mikro-orm/core';
import { NOTICE_DAYS } from '../../../kit/clocks/clocks-of.js';
import { transaction } from '../../../kit/store/transaction.js';
import { receivedAt } from '../application/append-application-event.js';
import type { Ledger } from '../ledger.js';
import { deemedDueAt } from '../rules/deemed-acceptance.js';
import { dueAt } from '../rules/due-dates.js';
import { applications, inboxEntries } from '../store/tables.js';
import { dueSort } from './due-sort.js';

const BATCH = 200;

type Store = Pick<Ledger, 'store' | 'calendar'>;

/**
 * Works out until when applications must be answered where that is open: no calendar covered the day, or they were handed
 * in before the ledger kept it. Called at each start, as pending-due-dates.ts is.
 */
export function settlePendingDeemedDates(ledger: Store): Promise<void> {
  return recompute(ledger, true);
}

/** Works out until when every application must be answered that waits for a window, there and in what waits for whom. */
export function recomputeDeemedDates(ledger: Store): Promise<void> {
  return recompute(ledger, false);
}

/** Reads nothing that is sealed: what can't be unsealed has its dates all the same, and keeps nobody from starting. */
async function recompute({ store, calendar }: Store, onlyOpen: boolean): Promise<void> {
  for (let after = ''; ; ) {
    const last = await transaction(store.fork(), async (tx) => {
      const where = { state: 'SUBMITTED' as const, id: { $gt: after }, ...(onlyOpen && { deemedDueAt: null }) };
      const rows = await tx.find(applications, where, {
        fields: ['id', 'deemedDueAt', 'receivedAt', 'submittedAt'],
        orderBy: { id: 'asc' },
        limit: BATCH,
        lockMode: LockMode.PESSIMISTIC_WRITE,
        disableIdentityMap: true,
      });
      for (const { id, deemedDueAt: before, ...row } of rows) {
        const now = deemedDueAt(calendar, receivedAt(row));
        if (now?.getTime() !== before?.getTime()) await tx.nativeUpdate(applications, { id }, { deemedDueAt: now });
      }
      const waiting = await tx.find(inboxEntries, {
        id: { $in: rows.map(({ id }) => `application:${id}`) },
        kind: 'APPLICATION_TO_DECIDE',
      });
      for (const entry of waiting) {
        const due = dueAt(calendar, entry.waitingSince, NOTICE_DAYS);
        Object.assign(entry, { dueAt: due, dueSort: dueSort(due) });
      }
      return rows.length < BATCH ? undefined : rows.at(-1)?.id;
    });
    if (last === undefined) return;
    after = last;
  }
}
