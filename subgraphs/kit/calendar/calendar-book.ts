import type { SqlEntityManager } from '@mikro-orm/sql';
import type { HolidayNotice } from './holiday-notice.js';
import { holidayNotices } from './notice-tables.js';
import type { WorkingCalendar } from './working-calendar.js';

/** The calendar of a subgraph: the one it was started with, and the notices its store has been given since. */
export class CalendarBook {
  #current: WorkingCalendar;

  constructor(readonly base: WorkingCalendar) {
    this.#current = base;
  }

  get current(): WorkingCalendar {
    return this.#current;
  }

  /** Reads what the store has; called at start and after each notice, by whichever process it was loaded. */
  async read(em: SqlEntityManager): Promise<void> {
    const rows = await em.find(holidayNotices, {}, { orderBy: { year: 'asc' }, disableIdentityMap: true });
    this.#current = this.base.with(rows);
  }
}

/** Keeps a notice, in place of an earlier one of its year. */
export async function keepNotice(tx: SqlEntityManager, notice: HolidayNotice, loadedAt: Date): Promise<void> {
  const { year, source, holidays, workdays } = notice;
  const known = await tx.findOne(holidayNotices, year);
  if (known === null) tx.create(holidayNotices, { year, source, holidays, workdays, loadedAt, appliedAt: null });
  else Object.assign(known, { source, holidays, workdays, loadedAt, appliedAt: null });
}
