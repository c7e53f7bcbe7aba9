import type { WorkingCalendar } from '../../../kit/calendar/working-calendar.js';
import type { Clock } from '../../../kit/clocks/clock.js';
import type { ClockEvent } from '../../../kit/clocks/clock-event.js';
import { clocksOf } from '../../../kit/clocks/clocks-of.js';
import type { ApplicationEventRow } from '../store/application-tables.js';
import type { ApplicationRow, CaseRow, ItemRow, ProgressRow } from '../store/tables.js';
import { clockEvents } from './timeline-events.js';

export interface CaseHistory {
  readonly application: ApplicationRow | null;
  readonly history: readonly ApplicationEventRow[];
  readonly timeline: readonly ProgressRow[];
  readonly item: ItemRow | null;
}

/**
 * The clocks of a case as they stand at `now`: those of its notice, then its own; those of steps by the approval flow that
 * the catalogue has now.
 */
export function caseClocks(
  row: CaseRow,
  { application, history, timeline, item }: CaseHistory,
  calendar: WorkingCalendar,
  now: Date,
): Clock[] {
  const before = application === null ? [] : applicationEvents(application, history);
  // an application that was deemed accepted runs from its receipt, which is what the ledger keeps as its acceptance
  const since = [{ kind: 'ACCEPTED', at: row.acceptedAt }, ...clockEvents(timeline).filter(({ kind }) => kind !== 'ACCEPTED')];
  return clocksOf([...before, ...since], { ...row, steps: stepLimits(item) }, calendar, now);
}

/** The clocks of an application: within which time it has to be answered, each time it was received. */
export function applicationClocks(
  application: ApplicationRow,
  history: readonly ApplicationEventRow[],
  accepted: Date | null,
  calendar: WorkingCalendar,
  now: Date,
): Clock[] {
  const answer = accepted === null ? [] : [{ kind: 'ACCEPTED', at: accepted }];
  const limits = { promisedDays: null, statutoryDays: null };
  return clocksOf([...applicationEvents(application, history), ...answer], limits, calendar, now);
}

/** One that is older than its history was handed in all the same. */
function applicationEvents({ submittedAt }: ApplicationRow, history: readonly ApplicationEventRow[]): ClockEvent[] {
  const told = history.map(({ kind, occurredAt }) => ({ kind, at: occurredAt }));
  const known = told.some(({ kind }) => kind === 'APPLICATION_SUBMITTED');
  return known ? told : [{ kind: 'APPLICATION_SUBMITTED', at: submittedAt }, ...told];
}

function stepLimits(item: ItemRow | null): Map<string, number> {
  return new Map((item?.steps ?? []).flatMap(({ code, limitDays }) => (limitDays === null ? [] : [[code, limitDays] as const])));
}
