import { type CaseRule, past } from './rule.js';

/** Not decided within the promised limit (Art. 22): special procedures are taken out of it, one extension is counted in. */
export const promisedOverdue: CaseRule = function* (known) {
  for (const { dueAt, limitDays, extendedDays } of known.running('PROMISED'))
    yield { rule: 'PROMISED_OVERDUE', occurrence: '', at: past(dueAt), dueAt, detail: { limitDays: limitDays + extendedDays } };
};
