import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import type { ClockEvent } from '../../../kit/clocks/clock-event.js';
import { clocksOf } from '../../../kit/clocks/clocks-of.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';

export interface DueDates {
  /** Null while a special procedure stops the limit, too: nobody knows how long that takes. */
  promisedDueAt: Date | null;
  statutoryDueAt: Date | null;
  /** Whether a date is null because no official calendar covers its year yet. */
  dueDatesPending: boolean;
}

/**
 * When the limits of a case end, by what has happened since it was accepted: special procedures are excluded, the one
 * extension is in it. A date that the calendar does not reach is null, never a guess.
 */
export function dueDates(
  calendar: WorkingCalendar,
  from: Date,
  { promisedDays, statutoryDays }: { promisedDays: number; statutoryDays: number },
  since: readonly ClockEvent[] = [],
): DueDates {
  const events = [{ kind: 'ACCEPTED', at: from }, ...since.filter(({ kind }) => kind !== 'ACCEPTED')];
  // the dates are the same at any time; at the beginning, that they are pending says it of the dates alone
  const clocks = clocksOf(events, { promisedDays, statutoryDays }, calendar, from);
  const [promised, statutory] = (['PROMISED', 'STATUTORY'] as const).map((kind) => clocks.find((clock) => clock.kind === kind));
  if (promised === undefined || statutory === undefined) throw new Error('an accepted case has both clocks');
  return {
    promisedDueAt: promised.dueAt,
    statutoryDueAt: statutory.dueAt,
    dueDatesPending: promised.pending || statutory.pending,
  };
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
