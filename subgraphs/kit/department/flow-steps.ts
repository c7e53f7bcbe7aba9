import type { FlowStep } from './definition.js';
import { StepKind } from './types/item-enums.js';

type StepOptions = Partial<Pick<FlowStep, 'code' | 'offSite' | 'requiredWhen'>>;

function step(kind: StepKind, defaults: { code: string; offSite: boolean }) {
  /** `limitDays` are working days; null for a step whose time is excluded from the limit. */
  return (name: string, limitDays: number | null, options: StepOptions = {}): FlowStep => ({
    kind,
    name,
    limitDays,
    ...defaults,
    ...options,
  });
}

/** The steps of Art. 9. Inspection, examination and hearing may be done away from the Centre, and are unless said otherwise. */
export const complianceReview = step(StepKind.COMPLIANCE_REVIEW, { code: 'compliance-review', offSite: false });
export const technicalReview = step(StepKind.TECHNICAL_REVIEW, { code: 'technical-review', offSite: false });
export const siteInspection = step(StepKind.SITE_INSPECTION, { code: 'site-inspection', offSite: true });
export const technicalExamination = step(StepKind.TECHNICAL_EXAMINATION, { code: 'technical-examination', offSite: true });
export const hearing = step(StepKind.HEARING, { code: 'hearing', offSite: true });
const decision = step(StepKind.DECISION, { code: 'decision', offSite: false });
const certificate = step(StepKind.CERTIFICATE, { code: 'certificate', offSite: false });
const delivery = step(StepKind.DELIVERY, { code: 'delivery', offSite: false });

/** How a case ends: decided, certified and delivered, each within so many working days (Administrative Licensing Law, Art. 44: 10). */
export function ending(decisionDays: number, certificateDays = 2, deliveryDays = 8): FlowStep[] {
  return [decision('决定', decisionDays), certificate('制证', certificateDays), delivery('送达', deliveryDays)];
}

/** How a case ends that has no certificate to issue. */
export function endingWithoutCertificate(decisionDays: number, deliveryDays = 10): FlowStep[] {
  return [decision('决定', decisionDays), delivery('送达', deliveryDays)];
}
