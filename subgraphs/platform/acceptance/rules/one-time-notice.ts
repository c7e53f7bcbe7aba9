import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { dueAt } from './due-dates.js';

/**
 * 一次性告知 (Art. 17): what is missing or malformed is told on the spot, and within 2 working days where that takes
 * looking into. In working days after the day of receipt.
 */
export const NOTICE_DAYS = { onTheSpot: 0, complex: 2 } as const;

export interface NoticeTiming {
  /** When the notice has to be given at the latest; null when no calendar says. */
  dueAt: Date | null;
  late: boolean;
}

export function noticeTiming(calendar: WorkingCalendar, receivedAt: Date, givenAt: Date, complex: boolean): NoticeTiming {
  const due = dueAt(calendar, receivedAt, complex ? NOTICE_DAYS.complex : NOTICE_DAYS.onTheSpot);
  return { dueAt: due, late: due !== null && givenAt > due };
}

/** A second notice for the same application is what Art. 17 forbids. It is recorded as an anomaly, since hiding it would help nobody. */
export function isSecondNotice(ordinal: number): boolean {
  return ordinal > 1;
}
