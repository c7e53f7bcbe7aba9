import { CataloguedError } from '../../errors/catalogued-error.js';
import { DecisionOutcome } from '../types/case-enums.js';

/** Who is refused is told why, in writing (Art. 22). @throws CataloguedError REASONS_REQUIRED */
export function refusalHasReasons(outcome: DecisionOutcome, reasons: string | null | undefined): void {
  if (outcome !== DecisionOutcome.REFUSED || (reasons ?? '').trim() !== '') return;
  throw new CataloguedError('REASONS_REQUIRED', 'a refusal needs written reasons: give `reasons`');
}
