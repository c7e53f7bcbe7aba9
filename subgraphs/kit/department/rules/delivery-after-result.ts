import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';
import { DecisionOutcome } from '../types/case-enums.js';
import { certificateStep } from './certificate-after-approval.js';
import { outOfOrder } from './step-order.js';

/**
 * What is delivered, once, is the certificate of an approval, or the written decision of any other outcome.
 * @throws CataloguedError CASE_NOT_DECIDED, STEP_OUT_OF_ORDER, RESULT_ALREADY_DELIVERED
 */
export function resultMayBeDelivered(file: CaseFile): void {
  if (file.decision === null) throw new CataloguedError('CASE_NOT_DECIDED', 'the case has no decision to deliver');
  const certificate = certificateStep(file);
  if (file.decision.outcome === DecisionOutcome.APPROVED && certificate !== undefined && file.certificate === null) outOfOrder(certificate);
  if (file.delivery !== null) throw new CataloguedError('RESULT_ALREADY_DELIVERED', 'the result of this case was delivered before');
}
