import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';
import type { FlowStep } from '../definition.js';
import { DecisionOutcome } from '../types/case-enums.js';
import { StepKind } from '../types/item-enums.js';

export function certificateStep({ item }: CaseFile): FlowStep | undefined {
  return item.approvalFlow.find(({ kind }) => kind === StepKind.CERTIFICATE);
}

/**
 * Only what was approved is certified, once, and only where the item ends in a certificate.
 * @throws CataloguedError CASE_NOT_DECIDED, STEP_UNKNOWN, CERTIFICATE_ALREADY_ISSUED
 */
export function certificateMayBeIssued(file: CaseFile): FlowStep {
  if (file.decision?.outcome !== DecisionOutcome.APPROVED) throw new CataloguedError('CASE_NOT_DECIDED', 'the case is not approved');
  const step = certificateStep(file);
  if (step === undefined) throw new CataloguedError('STEP_UNKNOWN', 'this item ends without a certificate');
  if (file.certificate !== null) throw new CataloguedError('CERTIFICATE_ALREADY_ISSUED', 'the certificate of this case was issued before');
  return step;
}
