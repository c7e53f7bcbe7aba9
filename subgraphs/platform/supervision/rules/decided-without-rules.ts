import { versionsBetween } from '../facts/item-history.js';
import type { CaseRule } from './rule.js';

const HOUR = 3_600_000;

/**
 * A decision cites the version of the review rules that it applied (Art. 12). One that cites none is found at once; one
 * that cites a version which was not in force, once the catalogue has had time to learn of new ones. What the catalogue
 * knows nothing of is not judged.
 */
export const decidedWithoutRules: CaseRule = function* (known) {
  const decision = known.first('DECIDED');
  if (decision === undefined || (decision.outcome !== 'APPROVED' && decision.outcome !== 'REFUSED')) return;
  const { at, reviewRuleVersion: cited } = decision;
  if (cited === null) {
    yield { rule: 'DECIDED_WITHOUT_RULES', occurrence: '', at };
    return;
  }
  const { item, thresholds } = known.basis;
  const grace = thresholds.ruleVersionHours * HOUR;
  const inForce = versionsBetween(item, new Date(at.getTime() - grace), new Date(at.getTime() + grace));
  if (inForce.length === 0 || inForce.some(({ reviewRuleVersion }) => reviewRuleVersion === cited)) return;
  yield { rule: 'DECIDED_WITHOUT_RULES', occurrence: '', at: new Date(at.getTime() + grace), detail: { citedVersion: cited } };
};
