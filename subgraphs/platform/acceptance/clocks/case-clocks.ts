import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import type { Clock } from '../../../kit/clocks/clock.js';
import { clocksOf } from '../../../kit/clocks/clocks-of.js';
import type { CaseRow, ItemRow, ProgressRow } from '../store/tables.js';
import { clockEvents } from './timeline-events.js';

/** The clocks of a case as they stand at `now`; those of steps by the approval flow that the catalogue has now. */
export function caseClocks(
  row: CaseRow,
  timeline: readonly ProgressRow[],
  item: ItemRow | null,
  calendar: WorkingCalendar,
  now: Date,
): Clock[] {
  // an application that was deemed accepted runs from its receipt, which is what the ledger keeps as its acceptance
  const events = [{ kind: 'ACCEPTED', at: row.acceptedAt }, ...clockEvents(timeline).filter(({ kind }) => kind !== 'ACCEPTED')];
  return clocksOf(events, { ...row, steps: stepLimits(item) }, calendar, now);
}

function stepLimits(item: ItemRow | null): Map<string, number> {
  return new Map((item?.steps ?? []).flatMap(({ code, limitDays }) => (limitDays === null ? [] : [[code, limitDays] as const])));
}
