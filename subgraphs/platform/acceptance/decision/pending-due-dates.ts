import { type FilterQuery, LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { transaction } from '../../../kit/store/transaction.js';
import { MOVES_DUE_DATES } from '../clocks/timeline-events.js';
import type { Ledger } from '../ledger.js';
import { type CaseRow, cases, inboxEntries, progress } from '../store/tables.js';
import { dueDatesOf } from './set-due-dates.js';

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

/** Reads nothing of the applicant: a row that can't be unsealed has its dates all the same, and keeps nobody from starting. */
async function recompute({ store, calendar }: Pick<Ledger, 'store' | 'calendar'>, which: FilterQuery<CaseRow>): Promise<number> {
  let settled = 0;
  for (let after = ''; ; ) {
    const where = { $and: [which, { number: { $gt: after } }] } as FilterQuery<CaseRow>;
    const found = await store.fork().find(cases, where, { fields: ['number'], orderBy: { number: 'asc' }, limit: BATCH });
    const numbers = found.map(({ number }) => number);
    const last = numbers.at(-1);
    if (last === undefined) return settled;
    settled += await transaction(store.fork(), (tx) => recomputeThese(tx, calendar, numbers));
    if (numbers.length < BATCH) return settled;
    after = last;
  }
}

async function recomputeThese(tx: SqlEntityManager, calendar: WorkingCalendar, numbers: readonly string[]): Promise<number> {
  const rows = await tx.find(
    cases,
    { number: { $in: [...numbers] } },
    {
      fields: ['number', 'acceptedAt', 'outcome', 'promisedDays', 'statutoryDays'],
      lockMode: LockMode.PESSIMISTIC_WRITE,
      orderBy: { number: 'asc' },
      disableIdentityMap: true,
    },
  );
  const moves = await tx.find(
    progress,
    { caseNumber: { $in: [...numbers] }, kind: { $in: [...MOVES_DUE_DATES] } },
    {
      fields: ['caseNumber', 'ordinal', 'kind', 'occurredAt', 'stepCode', 'detail'],
      orderBy: { caseNumber: 'asc', ordinal: 'asc' },
      disableIdentityMap: true,
    },
  );
  const timelines = Map.groupBy(moves, ({ caseNumber }) => caseNumber);
  const waiting = await tx.find(inboxEntries, { id: { $in: numbers.map((number) => `case:${number}`) } });
  const entries = new Map(waiting.map((entry) => [entry.id, entry]));
  let settled = 0;
  for (const row of rows) {
    const dates = dueDatesOf(calendar, row, timelines.get(row.number) ?? []);
    await tx.nativeUpdate(cases, { number: row.number }, dates);
    if (!dates.dueDatesPending) settled++;
    const entry = entries.get(`case:${row.number}`);
    // once decided, what waits is due by the delivery, which is no limit of the case row
    if (entry !== undefined && row.outcome == null) Object.assign(entry, { dueAt: dates.promisedDueAt, dueSort: dates.dueSort });
  }
  return settled;
}
