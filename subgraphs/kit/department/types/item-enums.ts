import { registerEnumType } from 'type-graphql';

/** The kinds of service items (Art. 2). */
export enum ServiceItemKind {
  LICENSE = 'LICENSE',
  CONFIRMATION = 'CONFIRMATION',
  ADJUDICATION = 'ADJUDICATION',
  PAYMENT = 'PAYMENT',
  REWARD = 'REWARD',
  FILING = 'FILING',
  OTHER_POWER = 'OTHER_POWER',
  PUBLIC_SERVICE = 'PUBLIC_SERVICE',
}
registerEnumType(ServiceItemKind, {
  name: 'ServiceItemKind',
  description: '政务服务事项类型(第二条)。The kinds of service items (Art. 2).',
});

export enum ServiceItemState {
  ACTIVE = 'ACTIVE',
  RETIRED = 'RETIRED',
}
registerEnumType(ServiceItemState, { name: 'ServiceItemState', description: '事项状态。Whether an item can be applied for.' });

/** What a case ends in, on paper or electronically. */
export enum ResultKind {
  CERTIFICATE = 'CERTIFICATE',
  APPROVAL_DOCUMENT = 'APPROVAL_DOCUMENT',
  OTHER = 'OTHER',
  NONE = 'NONE',
}
registerEnumType(ResultKind, { name: 'ResultKind', description: '结果类型。What a case ends in, on paper or electronically.' });

/** The kinds of steps (Art. 9). */
export enum StepKind {
  COMPLIANCE_REVIEW = 'COMPLIANCE_REVIEW',
  TECHNICAL_REVIEW = 'TECHNICAL_REVIEW',
  SITE_INSPECTION = 'SITE_INSPECTION',
  TECHNICAL_EXAMINATION = 'TECHNICAL_EXAMINATION',
  HEARING = 'HEARING',
  DECISION = 'DECISION',
  CERTIFICATE = 'CERTIFICATE',
  DELIVERY = 'DELIVERY',
}
registerEnumType(StepKind, { name: 'StepKind', description: '审批环节类型(第九条)。The kinds of steps (Art. 9).' });
