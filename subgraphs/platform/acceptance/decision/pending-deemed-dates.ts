import { LockMode } from '@mikro-orm/core';
import { transaction } from '../../../kit/store/transaction.js';
import { receivedAt } from '../application/append-application-event.js';
import type { Ledger } from '../ledger.js';
import { deemedDueAt } from '../rules/deemed-acceptance.js';
import { applications } from '../store/tables.js';

const BATCH = 200;

/**
 * Works out until when applications must be answered where that is open: no calendar covered the day, or they were handed
 * in before the ledger kept it. Called at each start, as pending-due-dates.ts is.
 * @returns how many are settled now
 */
export async function settlePendingDeemedDates({ store, calendar }: Pick<Ledger, 'store' | 'calendar'>): Promise<number> {
  let settled = 0;
  for (let after = ''; ; ) {
    const rows = await store
      .fork()
      .find(
        applications,
        { state: 'SUBMITTED', deemedDueAt: null, id: { $gt: after } },
        { fields: ['id'], orderBy: { id: 'asc' }, limit: BATCH, disableIdentityMap: true },
      );
    for (const { id } of rows) {
      settled += await transaction(store.fork(), async (tx) => {
        const row = await tx.findOneOrFail(applications, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
        if (row.state !== 'SUBMITTED' || row.deemedDueAt != null) return 0;
        row.deemedDueAt = deemedDueAt(calendar, receivedAt(row));
        return row.deemedDueAt === null ? 0 : 1;
      });
    }
    const last = rows.at(-1)?.id;
    if (last === undefined || rows.length < BATCH) return settled;
    after = last;
  }
}
