import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { clockEvents } from '../clocks/timeline-events.js';
import { type DueDates, dueDates } from '../rules/due-dates.js';
import type { CaseRow, ProgressRow } from '../store/tables.js';
import { dueSort } from './due-sort.js';

type Timeline = readonly Pick<ProgressRow, 'kind' | 'occurredAt' | 'stepCode' | 'detail'>[];

/** Sets when the limits of a case end, by what has happened to it. */
export function setDueDates(calendar: WorkingCalendar, row: CaseRow, timeline: Timeline): void {
  Object.assign(row, dueDatesOf(calendar, row, timeline));
}

/** When the limits of a case end, as its row keeps it. */
export function dueDatesOf(
  calendar: WorkingCalendar,
  row: Pick<CaseRow, 'acceptedAt' | 'promisedDays' | 'statutoryDays'>,
  timeline: Timeline,
): DueDates & Pick<CaseRow, 'dueSort'> {
  const dates = dueDates(calendar, row.acceptedAt, row, clockEvents(timeline));
  return { ...dates, dueSort: dueSort(dates.promisedDueAt) };
}
