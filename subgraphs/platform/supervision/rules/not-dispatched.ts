import { type CaseRule, past } from './rule.js';

/** Accepted cases reach their department in real time (Arts. 10, 19): one that it has not received a working day later is stuck. */
export const notDispatched: CaseRule = function* (known) {
  const accepted = known.first('ACCEPTED');
  if (accepted === undefined || known.facts.some(({ kind }) => kind !== 'ACCEPTED' && !kind.startsWith('APPLICATION_'))) return;
  const { dispatchDays } = known.basis.thresholds;
  // one that counts as accepted from its receipt was handed over when that became known
  const dueAt = known.dueAfter(accepted.recordedAt > accepted.at ? accepted.recordedAt : accepted.at, dispatchDays);
  if (dueAt !== undefined) yield { rule: 'NOT_DISPATCHED', occurrence: '', at: past(dueAt), dueAt, detail: { days: dispatchDays } };
};
