import { type Day, nextDay, type WorkingCalendar } from '../calendar/working-calendar.js';
import type { PausedDays } from './pauses.js';

/**
 * The last day of a limit. The day it starts from is not counted (Civil Code, Art. 201); working days are, on which no
 * special procedure stops the limit. A limit of 0 ends on the day it starts from or, when that is none that counts, on
 * the next that does (Civil Code, Art. 203).
 * @returns undefined while a special procedure is running that began before the limit was used up
 * @throws CataloguedError CALENDAR_NOT_COVERED
 */
export function lastDayOf(calendar: WorkingCalendar, from: Day, days: number, paused: PausedDays): Day | undefined {
  if (!Number.isInteger(days) || days < 0) throw new RangeError(`a limit is a whole number of working days, not ${days}`);
  if (days === 0 && counts(calendar, from, paused)) return from;
  let day = from;
  for (let left = Math.max(days, 1); left > 0; ) {
    day = nextDay(day);
    if (paused.forEverFrom(day)) return undefined;
    if (counts(calendar, day, paused)) left--;
  }
  return day;
}

/** How many days that count lie after `from`, up to and including `to`. @throws CataloguedError CALENDAR_NOT_COVERED */
export function countedDays(calendar: WorkingCalendar, from: Day, to: Day, paused: PausedDays): number {
  let count = 0;
  for (let day = from; day < to; ) {
    day = nextDay(day);
    if (paused.forEverFrom(day)) return count;
    if (counts(calendar, day, paused)) count++;
  }
  return count;
}

function counts(calendar: WorkingCalendar, day: Day, paused: PausedDays): boolean {
  // the calendar is asked first: a day of an uncovered year is an error, paused or not
  return calendar.isWorkingDay(day) && !paused.has(day);
}
