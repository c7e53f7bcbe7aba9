import { CataloguedError } from '../errors/catalogued-error.js';
import { type HolidayNotice, publishedNotices } from './holiday-notice.js';

/** A calendar day in China, `YYYY-MM-DD`. */
export type Day = string;

const MILLISECONDS_A_DAY = 86_400_000;
/** Asia/Shanghai has been UTC+8 without summer time since 1991, which is before any covered year. */
const SHANGHAI_OFFSET = 8 * 3_600_000;

/** The day an instant falls on in Asia/Shanghai, whatever the server's own zone. */
export function shanghaiDay(instant: Date): Day {
  return new Date(instant.getTime() + SHANGHAI_OFFSET).toISOString().slice(0, 10);
}

/** The last millisecond of a day in Asia/Shanghai. */
export function endOfShanghaiDay(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - SHANGHAI_OFFSET + MILLISECONDS_A_DAY - 1);
}

/** The first millisecond of a day in Asia/Shanghai. */
export function startOfShanghaiDay(day: Day): Date {
  return new Date(Date.parse(`${day}T00:00:00Z`) - SHANGHAI_OFFSET);
}

/** The calendar day after. */
export function nextDay(day: Day): Day {
  const date = Number(day.slice(8));
  // limits are walked day by day, mostly inside a month
  if (date < 28) return `${day.slice(0, 8)}${date < 9 ? '0' : ''}${date + 1}`;
  return new Date(Date.parse(`${day}T00:00:00Z`) + MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}

/**
 * Working days as the official notices set them. A year without a notice is not covered: every question about one of
 * its days throws CALENDAR_NOT_COVERED, since people's rights hang on the answer and a guess would be wrong somewhere.
 */
export class WorkingCalendar {
  readonly #years: ReadonlyMap<number, { off: ReadonlySet<Day>; worked: ReadonlySet<Day> }>;
  readonly #answers = new Map<Day, boolean>();
  readonly #notices: readonly HolidayNotice[];

  /** Later notices replace earlier ones of the same year. */
  constructor(notices: Iterable<HolidayNotice> = publishedNotices()) {
    this.#notices = [...notices];
    const years = new Map<number, { off: ReadonlySet<Day>; worked: ReadonlySet<Day> }>();
    for (const { year, holidays, workdays } of this.#notices) years.set(year, { off: new Set(holidays), worked: new Set(workdays) });
    this.#years = years;
  }

  /** A calendar that knows these notices too. */
  with(notices: Iterable<HolidayNotice>): WorkingCalendar {
    return new WorkingCalendar([...this.#notices, ...notices]);
  }

  get coveredYears(): number[] {
    return [...this.#years.keys()].sort((a, b) => a - b);
  }

  /** @throws CataloguedError CALENDAR_NOT_COVERED */
  isWorkingDay(day: Day): boolean {
    let answer = this.#answers.get(day);
    if (answer === undefined) {
      answer = this.#lookUp(day);
      this.#answers.set(day, answer);
    }
    return answer;
  }

  #lookUp(day: Day): boolean {
    const year = this.#years.get(Number(day.slice(0, 4)));
    if (year === undefined) {
      throw new CataloguedError(
        'CALENDAR_NOT_COVERED',
        `no official calendar covers ${day}; load the holiday notice of ${day.slice(0, 4)}`,
        { day },
      );
    }
    if (year.worked.has(day)) return true;
    if (year.off.has(day)) return false;
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
    return weekday !== 0 && weekday !== 6;
  }

  /**
   * The day on which a limit of `days` working days ends. The day it starts from is not counted; 0 is that day itself
   * (即办件). @throws CataloguedError CALENDAR_NOT_COVERED when a day on the way is not covered.
   */
  addWorkingDays(from: Day, days: number): Day {
    if (!Number.isInteger(days) || days < 0) throw new RangeError(`a limit is a whole number of working days, not ${days}`);
    let day = from;
    for (let left = days; left > 0; ) {
      day = nextDay(day);
      if (this.isWorkingDay(day)) left--;
    }
    return day;
  }

  /** How many working days lie after `from`, up to and including `to`; 0 when `to` is not after `from`. */
  workingDaysBetween(from: Day, to: Day): number {
    let count = 0;
    for (let day = from; day < to; ) {
      day = nextDay(day);
      if (this.isWorkingDay(day)) count++;
    }
    return count;
  }

  /** The instant at which a limit of `days` working days that starts at `from` ends: the end of its last day in Asia/Shanghai. */
  dueAt(from: Date, days: number): Date {
    return endOfShanghaiDay(this.addWorkingDays(shanghaiDay(from), days));
  }
}
