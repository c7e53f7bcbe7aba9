import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { clockEvents } from '../clocks/timeline-events.js';
import { dueDates } from '../rules/due-dates.js';
import type { CaseRow, ProgressRow } from '../store/tables.js';
import { dueSort } from './due-sort.js';

/** Sets when the limits of a case end, by what has happened to it. */
export function setDueDates(
  calendar: WorkingCalendar,
  row: CaseRow,
  timeline: readonly Pick<ProgressRow, 'kind' | 'occurredAt' | 'stepCode' | 'detail'>[],
): void {
  const dates = dueDates(calendar, row.acceptedAt, row, clockEvents(timeline));
  Object.assign(row, dates, { dueSort: dueSort(dates.promisedDueAt) });
}
