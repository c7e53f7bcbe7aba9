import { type CaseRule, past } from './rule.js';

/** The result did not reach the applicant within 10 working days of the decision (Administrative Licensing Law, Art. 44). */
export const deliveryOverdue: CaseRule = function* (known) {
  for (const { dueAt, limitDays } of known.running('DELIVERY'))
    yield { rule: 'DELIVERY_OVERDUE', occurrence: '', at: past(dueAt), dueAt, detail: { limitDays } };
};
