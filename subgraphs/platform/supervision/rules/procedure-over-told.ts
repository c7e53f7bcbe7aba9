import { proceduresOf } from '../../../kit/clocks/pauses.js';
import { type CaseRule, past } from './rule.js';

/**
 * A special procedure lasts longer than the applicant was told in writing (Administrative Licensing Law, Art. 45); the
 * days are working days (Art. 82).
 */
export const procedureOverTold: CaseRule = function* (known) {
  for (const { kind, from, to } of proceduresOf(known.facts)) {
    if (to !== null) continue;
    const begun = known.facts.find(
      (fact) => fact.kind === 'SPECIAL_PROCEDURE_STARTED' && fact.procedureKind === kind && fact.at.getTime() === from.getTime(),
    );
    const told = begun?.expectedDays ?? null;
    const dueAt = told === null ? undefined : known.dueAfter(from, told);
    if (told === null || dueAt === undefined) continue;
    const detail = { procedureKind: kind, toldDays: told };
    yield { rule: 'PROCEDURE_OVER_TOLD', occurrence: `${kind} ${from.toISOString()}`, at: past(dueAt), dueAt, detail };
  }
};
