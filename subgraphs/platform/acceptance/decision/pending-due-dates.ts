import { type FilterQuery, LockMode } from '@mikro-orm/core';
import { transaction } from '../../../kit/store/transaction.js';
import { MOVES_DUE_DATES } from '../clocks/timeline-events.js';
import type { Ledger } from '../ledger.js';
import { type CaseRow, cases, inboxEntries, progress } from '../store/tables.js';
import { setDueDates } from './set-due-dates.js';

const BATCH = 100;

/**
 * Works out the due dates that no calendar covered when their cases were accepted. Called at each start, which may be
 * with a new calendar, and when a notice is loaded.
 * @returns how many cases have all their dates now
 */
export function settlePendingDueDates(ledger: Pick<Ledger, 'store' | 'calendar'>): Promise<number> {
  return recompute(ledger, { dueDatesPending: true });
}

/** Works out the due dates of every case that is not decided: a notice was loaded, which may replace an earlier one. */
export function recomputeDueDates(ledger: Pick<Ledger, 'store' | 'calendar'>): Promise<number> {
  return recompute(ledger, { $or: [{ outcome: null }, { dueDatesPending: true }] });
}

async function recompute({ store, calendar }: Pick<Ledger, 'store' | 'calendar'>, which: FilterQuery<CaseRow>): Promise<number> {
  let settled = 0;
  for (let after = ''; ; ) {
    const where = { $and: [which, { number: { $gt: after } }] } as FilterQuery<CaseRow>;
    const found = await store.fork().find(cases, where, { fields: ['number'], orderBy: { number: 'asc' }, limit: BATCH });
    const numbers = found.map(({ number }) => number);
    const last = numbers.at(-1);
    if (last === undefined) return settled;
    settled += await transaction(store.fork(), async (tx) => {
      const rows = await tx.find(cases, { number: { $in: numbers } }, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { number: 'asc' } });
      const moves = await tx.find(
        progress,
        { caseNumber: { $in: numbers }, kind: { $in: [...MOVES_DUE_DATES] } },
        { orderBy: { caseNumber: 'asc', ordinal: 'asc' } },
      );
      const timelines = Map.groupBy(moves, ({ caseNumber }) => caseNumber);
      for (const row of rows) setDueDates(calendar, row, timelines.get(row.number) ?? []);
      const waiting = await tx.find(inboxEntries, { id: { $in: numbers.map((number) => `case:${number}`) } });
      const byId = new Map(rows.map((row) => [`case:${row.number}`, row]));
      for (const entry of waiting) {
        const row = byId.get(entry.id);
        // once decided, what waits is due by the delivery, which is no limit of the case row
        if (row === undefined || row.outcome != null) continue;
        entry.dueAt = row.promisedDueAt ?? null;
        entry.dueSort = row.dueSort;
      }
      return rows.filter(({ dueDatesPending }) => !dueDatesPending).length;
    });
    if (numbers.length < BATCH) return settled;
    after = last;
  }
}
