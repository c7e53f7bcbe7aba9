import { dayOf, dayText, midnight, plus, works } from './chinese-days.js';
import type { Script, ScriptedEvent } from './script.js';

/** What should be found, and when. */
export interface Expected {
  readonly rule: string;
  readonly at: number;
}

const NEVER = Number.POSITIVE_INFINITY;
const HOUR = 3_600_000;

/**
 * What should be found in a scripted life until the horizon, by walking through it day by day with a pencil: it shares no
 * code with what it judges.
 */
export function expectedOf(life: Script, horizon: number): Expected[] {
  const found: Expected[] = [];
  const find = (rule: string, at: number) => {
    if (at <= horizon) found.push({ rule, at });
  };
  const all = life.events.filter(({ at }) => at <= horizon);
  const deemed = all.find(({ kind }) => kind === 'APPLICATION_DEEMED_ACCEPTED');
  const knownAt = (event: ScriptedEvent) => (event.kind === 'ACCEPTED' && deemed !== undefined ? deemed.at : event.at);
  const first = (kind: string) => all.find((event) => event.kind === kind);
  const at = (kind: string) => first(kind)?.at ?? NEVER;

  // notices: every receipt has to be answered
  for (const [index, receipt] of all.entries()) {
    if (receipt.kind !== 'APPLICATION_SUBMITTED' && receipt.kind !== 'APPLICATION_CORRECTED') continue;
    const answer = all
      .slice(index + 1)
      .find(
        ({ kind }) => ['APPLICATION_NOTICE_GIVEN', 'APPLICATION_REFUSED', 'ACCEPTED'].includes(kind) && !(kind === 'ACCEPTED' && deemed),
      );
    for (const [rule, days] of [
      ['NOTICE_LATE', 2],
      ['NOTICE_LATE_BY_LAW', 5],
    ] as const) {
      const late = midnight(plus(dayOf(receipt.at), days) + 1);
      if ((answer?.at ?? NEVER) >= late) find(rule, late);
    }
  }
  for (const { at } of all.filter(({ kind }) => kind === 'APPLICATION_NOTICE_GIVEN').slice(1)) find('SECOND_NOTICE', at);

  const accepted = first('ACCEPTED');
  if (accepted === undefined) return found;
  const known = knownAt(accepted);
  const decided = at('DECIDED');
  const start = deemed === undefined ? accepted.at : at('APPLICATION_SUBMITTED');
  const pauseFrom = at('SPECIAL_PROCEDURE_STARTED');
  const pauseTo = at('SPECIAL_PROCEDURE_FINISHED');
  const pausedAt = (moment: number) => pauseFrom <= moment && moment < pauseTo;
  const lastMoment = (day: number) => midnight(day + 1) - 1;
  const extension = first('EXTENDED');

  /** Where a limit ends: its last day, or nothing when it never does before the horizon. */
  const lastDay = (from: number, base: number, stop: number, extensible: boolean): number | undefined => {
    let used = 0;
    for (let day = dayOf(from) + 1; lastMoment(day) <= horizon; day++) {
      if (stop <= lastMoment(day)) return undefined;
      if (works(day) && !pausedAt(lastMoment(day))) used++;
      const more = extensible && extension !== undefined && extension.at <= lastMoment(day) ? Number(extension.details.extensionDays) : 0;
      if (used >= base + more) return day;
    }
    return undefined;
  };
  for (const [rule, days] of [
    ['PROMISED_OVERDUE', life.promisedDays],
    ['STATUTORY_OVERDUE', life.statutoryDays],
  ] as const) {
    const last = lastDay(start, days, decided, true);
    if (last !== undefined) find(rule, Math.max(midnight(last + 1), known));
  }

  // reminders: asked at each midnight and whenever something happens
  const moments = new Set(all.map(knownAt));
  for (let day = dayOf(known); midnight(day) <= horizon; day++) moments.add(midnight(day));
  const reminded = new Set<string>();
  for (const moment of [...moments].filter((one) => one >= known).sort((a, b) => a - b)) {
    if (decided <= moment) break;
    if (pausedAt(moment)) continue;
    const limit = life.promisedDays + (extension !== undefined && extension.at <= moment ? Number(extension.details.extensionDays) : 0);
    const left = Math.max(1, Math.floor(limit * 0.2));
    if (left >= limit) continue;
    const today = dayOf(moment);
    let used = 0;
    for (let day = dayOf(start) + 1; day < today; day++) if (works(day) && !pausedAt(lastMoment(day))) used++;
    // what had passed before the extension can't be extended
    if (used >= limit || (used >= life.promisedDays && (extension?.at ?? NEVER) > lastMoment(today - 1))) break;
    if (today > dayOf(start) && works(today)) used++;
    if (used < limit - left) continue;
    let due = today;
    for (let more = limit - used; more > 0; ) if (works(++due)) more--;
    if (!reminded.has(dayText(due))) find('LIMIT_NEAR', moment);
    reminded.add(dayText(due));
  }

  const fromDepartment = all.filter(({ kind }) => kind !== 'ACCEPTED' && !kind.startsWith('APPLICATION_'));
  const undispatched = midnight(plus(dayOf(Math.max(accepted.at, accepted.recordedAt)), 1) + 1);
  if ((fromDepartment[0]?.at ?? NEVER) >= undispatched) find('NOT_DISPATCHED', undispatched);

  for (const step of all.filter(({ kind }) => kind === 'STEP_STARTED')) {
    const last = lastDay(step.at, life.reviewDays, Math.min(at('STEP_FINISHED'), decided), false);
    if (last !== undefined) find('STEP_OVERDUE', midnight(last + 1));
  }

  for (const [index, event] of fromDepartment.entries()) {
    if (event.at >= decided || pausedAt(event.at)) continue;
    const silent = midnight(plus(dayOf(event.at), 5) + 1);
    if ((fromDepartment[index + 1]?.at ?? NEVER) > silent) find('STALLED', silent);
  }

  const procedure = first('SPECIAL_PROCEDURE_STARTED');
  if (procedure !== undefined) {
    const told = procedure.details.expectedDays;
    for (const [rule, days] of [
      ['PAUSED_TOO_LONG', 30],
      ['PROCEDURE_OVER_TOLD', told ?? undefined],
    ] as const) {
      if (days === undefined) continue;
      const over = midnight(plus(dayOf(procedure.at), days) + 1);
      if (pauseTo >= over) find(rule, over);
    }
  }

  const decision = first('DECIDED');
  if (decision !== undefined && ['APPROVED', 'REFUSED'].includes(String(decision.details.outcome))) {
    const { outcome, hasReasons, reviewRuleVersion } = decision.details;
    const undelivered = midnight(plus(dayOf(decision.at), 10) + 1);
    if (at('DELIVERED') >= undelivered) find('DELIVERY_OVERDUE', undelivered);
    if (reviewRuleVersion === null) find('DECIDED_WITHOUT_RULES', decision.at);
    // found when the catalogue has had its hour
    else if (reviewRuleVersion === 1) find('DECIDED_WITHOUT_RULES', decision.at + HOUR);
    if (outcome === 'REFUSED' && hasReasons !== true) find('REFUSED_WITHOUT_REASONS', decision.at);
  }
  return found;
}
