import type { Arising } from '../findings/finding.js';
import { type CaseRule, type KnownCase, past } from './rule.js';

/** Nobody answered an application, or its correction, within 2 working days (Art. 17). */
export const noticeLate: CaseRule = (known) => unanswered(known, 'NOTICE', 'NOTICE_LATE');

/**
 * Nobody answered within the five days of the law, after which the application counts as accepted from the day of its
 * receipt (Administrative Licensing Law, Art. 32).
 */
export const noticeLateByLaw: CaseRule = (known) => unanswered(known, 'NOTICE_STATUTORY', 'NOTICE_LATE_BY_LAW');

function* unanswered(
  known: KnownCase,
  clock: 'NOTICE' | 'NOTICE_STATUTORY',
  rule: 'NOTICE_LATE' | 'NOTICE_LATE_BY_LAW',
): Iterable<Arising> {
  const deemed = known.first('APPLICATION_DEEMED_ACCEPTED') !== undefined;
  for (const { kind, startedAt, stoppedAt, dueAt, limitDays, state } of known.clocks) {
    if (kind !== clock || dueAt === null) continue;
    // that the law gave the answer is no answer
    if (stoppedAt !== null && !(deemed && state === 'MISSED')) continue;
    yield { rule, occurrence: startedAt.toISOString(), at: past(dueAt), ends: stoppedAt ?? undefined, dueAt, detail: { limitDays } };
  }
}
