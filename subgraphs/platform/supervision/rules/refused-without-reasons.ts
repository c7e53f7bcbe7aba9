import type { CaseRule } from './rule.js';

/** Not to approve takes a written decision that gives the reasons (Art. 22; Administrative Licensing Law, Art. 38). */
export const refusedWithoutReasons: CaseRule = function* (known) {
  const decision = known.first('DECIDED');
  if (decision?.outcome === 'REFUSED' && decision.hasReasons !== true)
    yield { rule: 'REFUSED_WITHOUT_REASONS', occurrence: '', at: decision.at };
};
