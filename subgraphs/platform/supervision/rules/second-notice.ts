import type { CaseRule } from './rule.js';

/** Told again what is missing: everything has to be told at once, in one list (Art. 17). */
export const secondNotice: CaseRule = function* (known) {
  const notices = known.facts.filter(({ kind }) => kind === 'APPLICATION_NOTICE_GIVEN');
  for (const [index, { at }] of notices.entries())
    if (index > 0) yield { rule: 'SECOND_NOTICE', occurrence: String(index + 1), at, detail: { notice: index + 1 } };
};
