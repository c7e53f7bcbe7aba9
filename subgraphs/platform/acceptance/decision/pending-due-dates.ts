import { LockMode } from '@mikro-orm/core';
import { transaction } from '../../../kit/store/transaction.js';
import type { Ledger } from '../ledger.js';
import { dueDates } from '../rules/due-dates.js';
import { cases } from '../store/tables.js';
import { dueSort } from './due-sort.js';

const BATCH = 200;

/**
 * Works out the due dates that no calendar covered when their cases were accepted. Called at each start: a new calendar
 * is loaded by starting with it.
 * @returns how many cases have all their dates now
 */
export async function settlePendingDueDates({ store, calendar }: Pick<Ledger, 'store' | 'calendar'>): Promise<number> {
  let settled = 0;
  for (let after = ''; ; ) {
    const numbers = (
      await store
        .fork()
        .find(cases, { dueDatesPending: true, number: { $gt: after } }, { fields: ['number'], orderBy: { number: 'asc' }, limit: BATCH })
    ).map(({ number }) => number);
    for (const number of numbers) {
      const done = await transaction(store.fork(), async (tx) => {
        const row = await tx.findOneOrFail(cases, number, { lockMode: LockMode.PESSIMISTIC_WRITE });
        const dates = dueDates(calendar, row.acceptedAt, row);
        Object.assign(row, dates, { dueSort: dueSort(dates.promisedDueAt) });
        return !dates.dueDatesPending;
      });
      if (done) settled++;
    }
    const last = numbers.at(-1);
    if (last === undefined || numbers.length < BATCH) return settled;
    after = last;
  }
}
