import { type CaseRule, past } from './rule.js';

/** A step of the approval flow took longer than the flow gives it (Art. 12). */
export const stepOverdue: CaseRule = function* (known) {
  for (const { dueAt, stepCode, limitDays } of known.running('STEP'))
    yield { rule: 'STEP_OVERDUE', occurrence: stepCode ?? '', at: past(dueAt), dueAt, detail: { stepCode: stepCode ?? '', limitDays } };
};
