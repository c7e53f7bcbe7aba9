import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import { type Clock, UNCOVERED, unlessUncovered } from '../../../kit/clocks/clock.js';
import { clocksOf } from '../../../kit/clocks/clocks-of.js';
import type { Thresholds } from '../configuration/supervision-rules.js';
import type { CaseFact } from '../facts/case-fact.js';
import type { CaseLife, Moment } from '../facts/case-life.js';
import { type ItemHistory, versionAt } from '../facts/item-history.js';
import type { Arising } from '../findings/finding.js';

/** What rules judge by, beside the case. */
export interface RuleBasis {
  readonly calendar: WorkingCalendar;
  readonly thresholds: Thresholds;
  /** Of the case's item. */
  readonly item: ItemHistory;
}

/**
 * A rule of supervision: from a case as it was known at one moment, what arises, at once or later, should nothing more
 * happen. It says the same for the same case, whatever the time of asking and the server's own time zone.
 */
export type CaseRule = (known: KnownCase) => Iterable<Arising>;

/** A case as it was known at one moment. */
export class KnownCase {
  /** Whether something could not be dated because no official calendar covers it yet. */
  pending = false;
  #clocks: readonly Clock[] | undefined;

  constructor(
    readonly life: Pick<CaseLife, 'promisedDays' | 'statutoryDays'>,
    readonly moment: Moment,
    readonly basis: RuleBasis,
  ) {}

  get facts(): readonly CaseFact[] {
    return this.moment.known;
  }

  first(kind: string): CaseFact | undefined {
    return this.facts.find((fact) => fact.kind === kind);
  }

  /** The limits as they stood at the moment. */
  get clocks(): readonly Clock[] {
    this.#clocks ??= this.#readClocks();
    return this.#clocks;
  }

  /** Those whose end nothing has come before yet. */
  running(kind: Clock['kind']): (Clock & { dueAt: Date })[] {
    return this.clocks.filter((clock): clock is Clock & { dueAt: Date } => {
      return clock.kind === kind && clock.stoppedAt === null && clock.dueAt !== null;
    });
  }

  /** The end of a limit of so many working days; undefined while no official calendar covers it. */
  dueAfter(from: Date, days: number): Date | undefined {
    const due = unlessUncovered(() => this.basis.calendar.dueAt(from, days));
    if (due !== UNCOVERED) return due;
    this.pending = true;
    return undefined;
  }

  #readClocks(): readonly Clock[] {
    const { item, calendar } = this.basis;
    const accepted = this.first('ACCEPTED');
    const steps = versionAt(item, accepted?.at ?? this.moment.at)?.steps ?? {};
    const limits = { ...this.life, steps: new Map(Object.entries(steps)) };
    const clocks = clocksOf(this.facts, limits, calendar, this.moment.at);
    if (clocks.some(({ pending }) => pending)) this.pending = true;
    return clocks;
  }
}

/** The first moment after a limit. */
export function past(due: Date): Date {
  return new Date(due.getTime() + 1);
}
