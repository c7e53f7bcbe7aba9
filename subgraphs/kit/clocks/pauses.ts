import { type Day, shanghaiDay } from '../calendar/working-calendar.js';
import { type ClockEvent, inOrder } from './clock-event.js';

/** A time in which the limits stand still. Overlapping procedures make one pause. */
export interface Pause {
  readonly from: Date;
  /** Null while a procedure is running. */
  readonly to: Date | null;
  /** Of the procedures in it, each kind once. */
  readonly procedures: readonly string[];
}

/** One special procedure, as its events tell. */
export interface Procedure {
  readonly kind: string;
  readonly from: Date;
  readonly to: Date | null;
}

/**
 * The special procedures of a case (Administrative Licensing Law, Art. 45). A decision ends those that still run; an end
 * without a beginning, or a second beginning of one that runs, says nothing.
 */
export function proceduresOf(events: readonly ClockEvent[]): Procedure[] {
  const running = new Map<string, Date>();
  const procedures: Procedure[] = [];
  const finish = (kind: string, to: Date | null) => {
    const from = running.get(kind);
    if (from === undefined) return;
    running.delete(kind);
    procedures.push({ kind, from, to });
  };
  for (const { kind, at, procedureKind } of inOrder(events)) {
    if (kind === 'DECIDED') for (const procedure of running.keys()) finish(procedure, at);
    else if (procedureKind == null) continue;
    else if (kind === 'SPECIAL_PROCEDURE_STARTED' && !running.has(procedureKind)) running.set(procedureKind, at);
    else if (kind === 'SPECIAL_PROCEDURE_FINISHED') finish(procedureKind, at);
  }
  for (const kind of running.keys()) finish(kind, null);
  return procedures.sort((a, b) => a.from.getTime() - b.from.getTime());
}

/** Procedures that overlap or touch, taken together. */
export function merged(procedures: readonly Procedure[]): Pause[] {
  const pauses: { from: Date; to: Date | null; procedures: string[] }[] = [];
  for (const { kind, from, to } of [...procedures].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = pauses.at(-1);
    if (last === undefined || (last.to !== null && last.to < from)) {
      pauses.push({ from, to, procedures: [kind] });
      continue;
    }
    if (last.to !== null) last.to = to === null || to > last.to ? to : last.to;
    if (!last.procedures.includes(kind)) last.procedures.push(kind);
  }
  return pauses;
}

/**
 * Which days the limits stand still on: those that end in Asia/Shanghai while a procedure is running. So the day a
 * procedure begins is not counted and the day it ends is, one that begins and ends within a day takes none, and a
 * procedure that begins on the very last day of a limit still stops it.
 */
export class PausedDays {
  readonly #spans: readonly (readonly [from: Day, until: Day | null])[];

  constructor(pauses: readonly Pick<Pause, 'from' | 'to'>[]) {
    this.#spans = pauses.map(({ from, to }) => [shanghaiDay(from), to === null ? null : shanghaiDay(to)]);
  }

  has(day: Day): boolean {
    return this.#spans.some(([from, until]) => from <= day && (until === null || day < until));
  }

  /** Whether every day from here on is one, as far as is known. */
  forEverFrom(day: Day): boolean {
    return this.#spans.some(([from, until]) => until === null && from <= day);
  }
}
