import { proceduresOf } from '../../../kit/clocks/pauses.js';
import { type CaseRule, past } from './rule.js';

/** A special procedure stops the limits (Administrative Licensing Law, Art. 45), which must not become a way around them. */
export const pausedTooLong: CaseRule = function* (known) {
  const { pausedDays } = known.basis.thresholds;
  for (const { kind, from, to } of proceduresOf(known.facts)) {
    const dueAt = to === null ? known.dueAfter(from, pausedDays) : undefined;
    if (dueAt === undefined) continue;
    const detail = { procedureKind: kind, days: pausedDays };
    yield { rule: 'PAUSED_TOO_LONG', occurrence: `${kind} ${from.toISOString()}`, at: past(dueAt), dueAt, detail };
  }
};
