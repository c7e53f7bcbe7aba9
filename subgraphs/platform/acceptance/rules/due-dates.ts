import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';

export interface DueDates {
  promisedDueAt: Date | null;
  statutoryDueAt: Date | null;
  /** Whether a date is null because no official calendar covers its year yet. */
  dueDatesPending: boolean;
}

/** When the limits of a case end. A date that the calendar does not reach is null, never a guess. */
export function dueDates(calendar: WorkingCalendar, from: Date, limits: { promisedDays: number; statutoryDays: number }): DueDates {
  const promisedDueAt = dueAt(calendar, from, limits.promisedDays);
  const statutoryDueAt = dueAt(calendar, from, limits.statutoryDays);
  return { promisedDueAt, statutoryDueAt, dueDatesPending: promisedDueAt === null || statutoryDueAt === null };
}

/** When `days` working days after an instant end; null when the calendar does not reach so far. */
export function dueAt(calendar: WorkingCalendar, from: Date, days: number): Date | null {
  try {
    return calendar.dueAt(from, days);
  } catch (error) {
    if (error instanceof CataloguedError && error.code === 'CALENDAR_NOT_COVERED') return null;
    throw error;
  }
}
