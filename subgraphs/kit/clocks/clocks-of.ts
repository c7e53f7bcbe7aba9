import type { WorkingCalendar } from '../calendar/working-calendar.js';
import { type Clock, type ClockSpan, clockOf } from './clock.js';
import { type ClockEvent, inOrder } from './clock-event.js';
import { merged, type Pause, proceduresOf } from './pauses.js';

/** The limits that hold for a case, in working days. */
export interface ClockLimits {
  /** Null for an application whose item is not known. */
  readonly promisedDays: number | null;
  readonly statutoryDays: number | null;
  /** What the approval flow gives a step (Art. 12); one without a limit has no clock. */
  readonly steps?: ReadonlyMap<string, number> | undefined;
}

/** The regulation's and the law's own limits. */
export const NOTICE_DAYS = 2;
export const STATUTORY_NOTICE_DAYS = 5;
export const DELIVERY_DAYS = 10;

const ENDS_APPLICATION: ReadonlySet<string> = new Set([
  'APPLICATION_NOTICE_GIVEN',
  'APPLICATION_REFUSED',
  'APPLICATION_WITHDRAWN',
  'APPLICATION_DEEMED_ACCEPTED',
  'ACCEPTED',
]);

/**
 * The clocks of an application and its case as they stand at `now`, and nothing else: the same events, limits, calendar
 * and `now` give the same clocks, in whatever order the events are given and whatever the server's own time zone.
 *
 * Events tell in the order of `at`. Special procedures stop the promised, the statutory and the step clocks; the first
 * extension lengthens the promised and the statutory one. An application that counts as accepted because nobody
 * answered in five days is so from the day of its receipt (Administrative Licensing Law, Art. 32), and so run its limits.
 */
export function clocksOf(events: readonly ClockEvent[], limits: ClockLimits, calendar: WorkingCalendar, now: Date): Clock[] {
  const ordered = inOrder(events);
  const pauses = merged(proceduresOf(ordered));
  return [...noticeSpans(ordered), ...caseSpans(ordered, limits, pauses)].map((span) => clockOf(span, calendar, now));
}

/** Each receipt, first and after a correction, starts the two clocks of the notice. */
function* noticeSpans(ordered: readonly ClockEvent[]): Generator<ClockSpan> {
  const deemed = ordered.some(({ kind }) => kind === 'APPLICATION_DEEMED_ACCEPTED');
  // who is deemed accepted is so from the day of receipt: that is no answer given on that day
  const answers = ({ kind }: ClockEvent) => ENDS_APPLICATION.has(kind) && !(deemed && kind === 'ACCEPTED');
  for (const [index, { kind, at }] of ordered.entries()) {
    if (kind !== 'APPLICATION_SUBMITTED' && kind !== 'APPLICATION_CORRECTED') continue;
    const answer = ordered.slice(index + 1).find(answers);
    const missed = answer?.kind === 'APPLICATION_DEEMED_ACCEPTED';
    const stop = answer && { at: answer.at, judged: answer.kind !== 'APPLICATION_WITHDRAWN', missed };
    yield { kind: 'NOTICE', from: at, limitDays: NOTICE_DAYS, pauses: [], stop };
    yield { kind: 'NOTICE_STATUTORY', from: at, limitDays: STATUTORY_NOTICE_DAYS, pauses: [], stop };
  }
}

function* caseSpans(ordered: readonly ClockEvent[], limits: ClockLimits, pauses: readonly Pause[]): Generator<ClockSpan> {
  const from = startOfLimits(ordered);
  if (from === undefined) return;
  const decision = ordered.find(({ kind }) => kind === 'DECIDED');
  const judged = decision?.outcome !== 'WITHDRAWN' && decision?.outcome !== 'TERMINATED';
  const stop = decision && { at: decision.at, judged };
  const extended = ordered.find(({ kind, extensionDays }) => kind === 'EXTENDED' && extensionDays != null && extensionDays > 0);
  const extension = extended && { days: extended.extensionDays as number, at: extended.at };
  const decide = { from, pauses, stop, extension };
  if (limits.promisedDays !== null) yield { kind: 'PROMISED', limitDays: limits.promisedDays, ...decide };
  if (limits.statutoryDays !== null) yield { kind: 'STATUTORY', limitDays: limits.statutoryDays, ...decide };
  yield* stepSpans(ordered, limits, pauses, stop);
  if (decision === undefined || !judged) return;
  const delivered = ordered.find(({ kind, at }) => kind === 'DELIVERED' && at >= decision.at);
  yield {
    kind: 'DELIVERY',
    from: decision.at,
    limitDays: DELIVERY_DAYS,
    pauses: [],
    stop: delivered && { at: delivered.at, judged: true },
  };
}

/** When the limits of a case begin: at acceptance or, when nobody answered the application, at its receipt. */
export function startOfLimits(ordered: readonly ClockEvent[]): Date | undefined {
  const deemed = ordered.findIndex(({ kind }) => kind === 'APPLICATION_DEEMED_ACCEPTED');
  const receipt = ordered
    .slice(0, Math.max(deemed, 0))
    .findLast(({ kind }) => kind === 'APPLICATION_SUBMITTED' || kind === 'APPLICATION_CORRECTED');
  return receipt?.at ?? ordered.find(({ kind }) => kind === 'ACCEPTED')?.at;
}

function* stepSpans(
  ordered: readonly ClockEvent[],
  { steps }: ClockLimits,
  pauses: readonly Pause[],
  decided: ClockSpan['stop'],
): Generator<ClockSpan> {
  if (steps === undefined) return;
  const begun = new Set<string>();
  for (const [index, { kind, at, stepCode }] of ordered.entries()) {
    if (kind !== 'STEP_STARTED' || stepCode == null || begun.has(stepCode)) continue;
    begun.add(stepCode);
    const limitDays = steps.get(stepCode);
    if (limitDays === undefined) continue;
    const finished = ordered.slice(index + 1).find((later) => later.kind === 'STEP_FINISHED' && later.stepCode === stepCode);
    // a decision closes the steps before it; those after it, such as making the certificate, have their own end
    const closed = decided !== undefined && at <= decided.at && finished === undefined ? { at: decided.at, judged: false } : undefined;
    yield {
      kind: 'STEP',
      stepCode,
      from: at,
      limitDays,
      pauses,
      stop: finished === undefined ? closed : { at: finished.at, judged: true },
    };
  }
}
