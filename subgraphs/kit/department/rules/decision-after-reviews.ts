import type { CaseFile } from '../case-file.js';
import { DecisionOutcome } from '../types/case-enums.js';
import { nextReview, outOfOrder } from './step-order.js';

/**
 * What is approved or refused has gone through every review. An applicant may withdraw, and a case be terminated, at any
 * time. @throws CataloguedError STEP_OUT_OF_ORDER
 */
export function reviewsAreFinished(file: CaseFile, outcome: DecisionOutcome): void {
  if (outcome === DecisionOutcome.WITHDRAWN || outcome === DecisionOutcome.TERMINATED) return;
  const next = nextReview(file);
  if (next !== undefined) outOfOrder(next);
}
