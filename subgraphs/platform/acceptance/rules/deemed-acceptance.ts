import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { dueAt } from './due-dates.js';

/**
 * 视为受理 (Administrative Licensing Law, Art. 32 (4)): who is not told within five days what to correct has been accepted
 * on the day the application was received. Working days (Art. 82).
 */
export const DEEMED_ACCEPTED_AFTER = 5;

/**
 * When an application received then is deemed accepted; null when no calendar says yet. A correction is received anew:
 * silence about it counts from its own day.
 */
export function deemedDueAt(calendar: WorkingCalendar, receivedAt: Date): Date | null {
  return dueAt(calendar, receivedAt, DEEMED_ACCEPTED_AFTER);
}
