import { proceduresOf } from '../../../kit/clocks/pauses.js';
import { type CaseRule, past } from './rule.js';

/**
 * Nothing was heard of a case for some working days while it should be handled (Art. 35). Not while a special procedure
 * runs, which takes its time; and not of a case that its department has not received, of which another rule tells.
 */
export const stalled: CaseRule = function* (known) {
  if (known.first('RECEIVED') === undefined || known.first('DECIDED') !== undefined) return;
  if (proceduresOf(known.facts).some(({ to }) => to === null)) return;
  const { stalledDays } = known.basis.thresholds;
  const since = known.moment.at;
  const dueAt = known.dueAfter(since, stalledDays);
  if (dueAt !== undefined)
    yield { rule: 'STALLED', occurrence: since.toISOString(), at: past(dueAt), dueAt, detail: { days: stalledDays } };
};
