import type { SqlEntityManager } from '@mikro-orm/sql';
import { holidayNotices } from '../../../kit/calendar/notice-tables.js';
import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';

/**
 * The calendar as a transaction sees it: the one supervision was started with, and the notices that the ledger has told of
 * since. Asked for in each transaction, so that no case is judged by a calendar that another instance has replaced.
 */
export class NoticeCalendar {
  #signature = '';
  #current: WorkingCalendar;

  constructor(readonly base: WorkingCalendar) {
    this.#current = base;
  }

  async in(tx: SqlEntityManager): Promise<WorkingCalendar> {
    const options = { orderBy: { year: 'asc' }, disableIdentityMap: true } as const;
    const loaded = await tx.find(holidayNotices, {}, { ...options, fields: ['year', 'loadedAt'] });
    const signature = loaded.map(({ year, loadedAt }) => `${year} ${loadedAt.getTime()}`).join();
    if (signature !== this.#signature) {
      this.#current = this.base.with(await tx.find(holidayNotices, {}, options));
      this.#signature = signature;
    }
    return this.#current;
  }
}
