import { z } from 'zod';
import { keepNotice } from '../../../kit/calendar/calendar-book.js';
import { type HolidayNotice, holidayNotice } from '../../../kit/calendar/holiday-notice.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import type { Ledger } from '../ledger.js';
import { NOTICE_LOADED } from '../ledger-events/kinds.js';

/** What the feed's events of the calendar are about. */
export const CALENDAR = 'calendar';

/**
 * Keeps an official notice and tells of it; it is in force in every process at once, and due dates are worked out anew.
 * Loading it again changes nothing but the time it was loaded.
 * @throws CataloguedError FORBIDDEN for others than the Bureau and administrators, BAD_USER_INPUT
 */
export async function loadNotice({ store, feed, clock }: Ledger, caller: Caller, input: HolidayNotice): Promise<HolidayNotice> {
  requireRole(caller, 'bureau', 'admin');
  const parsed = holidayNotice.safeParse(input);
  if (!parsed.success) throw new CataloguedError('BAD_USER_INPUT', z.prettifyError(parsed.error));
  const weekday = parsed.data.workdays.find((day) => ![0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()));
  if (weekday !== undefined)
    throw new CataloguedError('BAD_USER_INPUT', `workdays: ${weekday} is worked anyhow; only weekend days are listed`, {
      field: 'workdays',
    });
  if (parsed.data.source.length > 200) throw new CataloguedError('BAD_USER_INPUT', 'source may have 200 characters', { field: 'source' });
  const now = clock();
  await feed.transaction(store.fork(), async (tx, append) => {
    await keepNotice(tx, parsed.data, now);
    await append({ kind: NOTICE_LOADED, scope: '', subject: CALENDAR, payload: { ...parsed.data }, occurredAt: now });
  });
  return parsed.data;
}
