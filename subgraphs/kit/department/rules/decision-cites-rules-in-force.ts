import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';

/** A decision applies the review rules in force and says so (Art. 12). @throws CataloguedError REVIEW_RULE_NOT_IN_FORCE */
export function citesRulesInForce({ item }: CaseFile, version: number): void {
  if (version === item.reviewRuleVersion) return;
  throw new CataloguedError('REVIEW_RULE_NOT_IN_FORCE', `version ${version} of the review rules is not in force for the item`, {
    inForce: item.reviewRuleVersion,
  });
}
