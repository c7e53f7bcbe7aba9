import { type CaseRule, past } from './rule.js';

/** Not decided within the limit that the law sets (Administrative Licensing Law, Art. 42; Art. 22 of the regulation). */
export const statutoryOverdue: CaseRule = function* (known) {
  for (const { dueAt, limitDays, extendedDays } of known.running('STATUTORY'))
    yield { rule: 'STATUTORY_OVERDUE', occurrence: '', at: past(dueAt), dueAt, detail: { limitDays: limitDays + extendedDays } };
};
