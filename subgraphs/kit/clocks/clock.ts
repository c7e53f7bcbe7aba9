import { type Day, endOfShanghaiDay, shanghaiDay, type WorkingCalendar } from '../calendar/working-calendar.js';
import { CataloguedError } from '../errors/catalogued-error.js';
import { countedDays, lastDayOf } from './count-days.js';
import { type Pause, PausedDays } from './pauses.js';

/** The limits that run in the life of an application and its case. */
export type ClockKind =
  /** 承诺时限: from acceptance to the decision, as the guide promises. */
  | 'PROMISED'
  /** 法定时限: the same, as the law sets it (Administrative Licensing Law, Art. 42). */
  | 'STATUTORY'
  /** 环节时限: from the beginning of a step to its end (Art. 12). */
  | 'STEP'
  /** 告知时限: from the day of receipt, 2 working days to tell what is missing (Art. 17). */
  | 'NOTICE'
  /** 法定告知时限: the same, 5 days, after which the application counts as accepted (Administrative Licensing Law, Art. 32). */
  | 'NOTICE_STATUTORY'
  /** 送达时限: from the decision, 10 working days (Administrative Licensing Law, Art. 44). */
  | 'DELIVERY';

export type ClockState =
  /** Inside the limit. */
  | 'RUNNING'
  /** A special procedure stops it. */
  | 'PAUSED'
  /** Past the limit, and what it waits for has not happened. */
  | 'OVERDUE'
  /** It was done in time. */
  | 'MET'
  /** It was done, late. */
  | 'MISSED'
  /** It ended in time for another reason: withdrawn or terminated. */
  | 'ENDED';

/** One limit as it stands. Days are working days in Asia/Shanghai. */
export interface Clock {
  readonly kind: ClockKind;
  /** Of a STEP. */
  readonly stepCode: string | null;
  readonly startedAt: Date;
  /** When what it waits for happened. */
  readonly stoppedAt: Date | null;
  readonly limitDays: number;
  /** What an extension added. */
  readonly extendedDays: number;
  /** Days used, today included; null when `pending` hides them. */
  readonly elapsedDays: number | null;
  /** Days left after today; 0 on the last day and after it. */
  readonly remainingDays: number | null;
  /** Days past the limit. */
  readonly lateDays: number | null;
  /**
   * The end of its last day. Null while a special procedure stops it, since nobody knows how long that takes, and when
   * `pending`.
   */
  readonly dueAt: Date | null;
  readonly state: ClockState;
  readonly pauses: readonly Pause[];
  /** Whether a figure is null because no official calendar covers its year yet; nothing is guessed. */
  readonly pending: boolean;
}

/** What a clock is made of. */
export interface ClockSpan {
  readonly kind: ClockKind;
  readonly stepCode?: string;
  readonly from: Date;
  readonly limitDays: number;
  readonly pauses: readonly Pause[];
  /** The one extension there may be. */
  readonly extension?: { readonly days: number; readonly at: Date } | undefined;
  readonly stop?: { readonly at: Date; readonly judged: boolean; readonly missed?: boolean } | undefined;
}

/** How one limit stands at `now`. */
export function clockOf(span: ClockSpan, calendar: WorkingCalendar, now: Date): Clock {
  const { kind, stepCode = null, from, limitDays, stop } = span;
  const to = stop?.at ?? null;
  // what happens after it stopped is no matter of this clock
  const pauses = clipped(span.pauses, from, to);
  const paused = new PausedDays(pauses);
  const start = shanghaiDay(from);
  const { lastDay, extendedDays } = lastDayWithExtension(calendar, start, span, paused);
  const end = to !== null && to < now ? to : now;
  const elapsedDays = unlessUncovered(() => countedDays(calendar, start, shanghaiDay(end), paused));
  const elapsed = elapsedDays === UNCOVERED ? null : elapsedDays;
  const endDay = shanghaiDay(end);
  const late = typeof lastDay === 'string' && endDay > lastDay;
  const lateDays = late ? unlessUncovered(() => countedDays(calendar, lastDay, endDay, paused)) : 0;
  return {
    kind,
    stepCode,
    startedAt: from,
    stoppedAt: to,
    limitDays,
    extendedDays,
    elapsedDays: elapsed,
    remainingDays: elapsed === null ? null : Math.max(0, limitDays + extendedDays - elapsed),
    lateDays: lateDays === UNCOVERED ? null : lateDays,
    dueAt: typeof lastDay === 'string' ? endOfShanghaiDay(lastDay) : null,
    state: stateOf({ stop, stopped: to !== null && to <= now, late, standsStill: standsStill(pauses, now) }, lastDay),
    pauses,
    pending: lastDay === UNCOVERED || elapsedDays === UNCOVERED,
  };
}

function stateOf(
  now: { stop: ClockSpan['stop']; stopped: boolean; late: boolean; standsStill: boolean },
  lastDay: Day | undefined | typeof UNCOVERED,
): ClockState {
  if (now.stopped) {
    if (now.late || now.stop?.missed === true) return 'MISSED';
    return now.stop?.judged === false ? 'ENDED' : 'MET';
  }
  if (now.late) return 'OVERDUE';
  return lastDay === undefined || now.standsStill ? 'PAUSED' : 'RUNNING';
}

/**
 * An extension counts when it was decided inside the limit: one that has passed can't be extended any more
 * (Administrative Licensing Law, Art. 42).
 */
function lastDayWithExtension(
  calendar: WorkingCalendar,
  start: Day,
  { limitDays, extension }: ClockSpan,
  paused: PausedDays,
): { lastDay: Day | undefined | typeof UNCOVERED; extendedDays: number } {
  const own = unlessUncovered(() => lastDayOf(calendar, start, limitDays, paused));
  if (extension === undefined || extension.days < 1) return { lastDay: own, extendedDays: 0 };
  if (typeof own === 'string' && shanghaiDay(extension.at) > own) return { lastDay: own, extendedDays: 0 };
  return {
    lastDay: unlessUncovered(() => lastDayOf(calendar, start, limitDays + extension.days, paused)),
    extendedDays: extension.days,
  };
}

/** The pauses as far as they lie between the start and the end of a clock. */
function clipped(pauses: readonly Pause[], from: Date, to: Date | null): Pause[] {
  return pauses.flatMap((pause) => {
    if ((pause.to !== null && pause.to <= from) || (to !== null && pause.from >= to)) return [];
    const end = to === null ? pause.to : pause.to === null || pause.to > to ? to : pause.to;
    return [{ ...pause, from: pause.from < from ? from : pause.from, to: end }];
  });
}

function standsStill(pauses: readonly Pause[], now: Date): boolean {
  return pauses.some(({ from, to }) => from <= now && (to === null || now < to));
}

export const UNCOVERED = Symbol('no official calendar covers it');

/** What a question to the calendar gives, or that no calendar covers it. */
export function unlessUncovered<T>(ask: () => T): T | typeof UNCOVERED {
  try {
    return ask();
  } catch (error) {
    if (error instanceof CataloguedError && error.code === 'CALENDAR_NOT_COVERED') return UNCOVERED;
    throw error;
  }
}
