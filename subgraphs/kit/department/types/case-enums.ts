import { registerEnumType } from 'type-graphql';

/** Procedures whose time is excluded from the limit (Administrative Licensing Law, Art. 45). */
export enum SpecialProcedureKind {
  HEARING = 'HEARING',
  TENDER = 'TENDER',
  AUCTION = 'AUCTION',
  INSPECTION = 'INSPECTION',
  TESTING = 'TESTING',
  QUARANTINE = 'QUARANTINE',
  APPRAISAL = 'APPRAISAL',
  EXPERT_REVIEW = 'EXPERT_REVIEW',
}
registerEnumType(SpecialProcedureKind, { name: 'SpecialProcedureKind', description: '特别程序类型。The kinds of special procedures.' });

/** How a case ends. */
export enum DecisionOutcome {
  APPROVED = 'APPROVED',
  REFUSED = 'REFUSED',
  WITHDRAWN = 'WITHDRAWN',
  TERMINATED = 'TERMINATED',
}
registerEnumType(DecisionOutcome, { name: 'DecisionOutcome', description: '办件结果。How a case ends.' });

export enum DeliveryChannel {
  ISSUING_WINDOW = 'ISSUING_WINDOW',
  COURIER = 'COURIER',
  ELECTRONIC = 'ELECTRONIC',
}
registerEnumType(DeliveryChannel, { name: 'DeliveryChannel', description: '送达方式。How a result is handed over.' });

/** What can happen to a case in its department. */
export enum CaseEventKind {
  RECEIVED = 'RECEIVED',
  STEP_STARTED = 'STEP_STARTED',
  STEP_FINISHED = 'STEP_FINISHED',
  SPECIAL_PROCEDURE_STARTED = 'SPECIAL_PROCEDURE_STARTED',
  SPECIAL_PROCEDURE_FINISHED = 'SPECIAL_PROCEDURE_FINISHED',
  EXTENDED = 'EXTENDED',
  DECIDED = 'DECIDED',
  CERTIFICATE_ISSUED = 'CERTIFICATE_ISSUED',
  DELIVERED = 'DELIVERED',
}
registerEnumType(CaseEventKind, { name: 'CaseEventKind', description: '部门事件类型。What can happen to a case in its department.' });
