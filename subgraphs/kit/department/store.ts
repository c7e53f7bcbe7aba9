import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedJson, sealedText } from '../privacy/sealed-columns.js';
import type { AcceptedApplicantInput, AcceptedFormValueInput, AcceptedMaterialInput } from './types/accepted-case.js';
import type { DecisionOutcome, DeliveryChannel, SpecialProcedureKind } from './types/case-enums.js';
import type { ResultKind, StepKind } from './types/item-enums.js';

const caseNumber = () => p.string().length(64);

/** One case the platform pushed. `version` rises with every move, so that of two moves at once only one is made. */
export const cases = defineEntity({
  name: 'DepartmentCase',
  tableName: 'department_case',
  properties: {
    number: caseNumber().primary(),
    itemCode: p.string().length(40),
    acceptedAt: p.datetime(3),
    receivedAt: p.datetime(3),
    promisedDays: p.integer(),
    statutoryDays: p.integer(),
    promisedDueAt: p.datetime(3).nullable(),
    statutoryDueAt: p.datetime(3).nullable(),
    version: p.integer(),
  },
});
export type CaseRow = InferEntity<typeof cases>;

/** What the applicant handed in, for the department's officers. It has personal data, so it stays apart from the case. */
export const applications = defineEntity({
  name: 'CaseApplication',
  tableName: 'case_application',
  properties: {
    caseNumber: caseNumber().primary(),
    applicant: sealedJson<AcceptedApplicantInput>('case_application.applicant'),
    materials: sealedJson<AcceptedMaterialInput[]>('case_application.materials'),
    form: sealedJson<AcceptedFormValueInput[]>('case_application.form'),
  },
});
export type ApplicationRow = InferEntity<typeof applications>;

export const caseSteps = defineEntity({
  name: 'CaseStepRecord',
  tableName: 'case_step',
  properties: {
    caseNumber: caseNumber().primary(),
    code: p.string().length(48).primary(),
    /** 1 for the step begun first. */
    ordinal: p.integer(),
    name: p.string().length(120),
    kind: p.string().length(32).$type<StepKind>(),
    startedAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
    handler: p.string().length(128).nullable(),
    opinion: sealedText('WRITING', 'case_step.opinion').nullable(),
  },
});
export type CaseStepRow = InferEntity<typeof caseSteps>;

/** A kind may run several times, one after the other. */
export const specialProcedures = defineEntity({
  name: 'SpecialProcedureRecord',
  tableName: 'special_procedure',
  properties: {
    caseNumber: caseNumber().primary(),
    ordinal: p.integer().primary().autoincrement(false),
    kind: p.string().length(32).$type<SpecialProcedureKind>(),
    reason: sealedText('WRITING', 'special_procedure.reason'),
    expectedDays: p.integer().nullable(),
    startedAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
  },
});
export type SpecialProcedureRow = InferEntity<typeof specialProcedures>;

export const limitExtensions = defineEntity({
  name: 'LimitExtensionRecord',
  tableName: 'limit_extension',
  properties: {
    caseNumber: caseNumber().primary(),
    days: p.integer(),
    reason: sealedText('WRITING', 'limit_extension.reason'),
    decidedAt: p.datetime(3),
  },
});
export type LimitExtensionRow = InferEntity<typeof limitExtensions>;

export const decisions = defineEntity({
  name: 'DecisionRecord',
  tableName: 'decision',
  properties: {
    caseNumber: caseNumber().primary(),
    outcome: p.string().length(16).$type<DecisionOutcome>(),
    decidedAt: p.datetime(3),
    reasons: sealedText('WRITING', 'decision.reasons').nullable(),
    reviewRuleVersion: p.integer(),
    documentNumber: p.string().length(120).unique(),
    seal: p.string().length(120),
  },
});
export type DecisionRow = InferEntity<typeof decisions>;

export const certificates = defineEntity({
  name: 'CertificateRecord',
  tableName: 'certificate',
  properties: {
    caseNumber: caseNumber().primary(),
    number: p.string().length(120).unique(),
    kind: p.string().length(32).$type<ResultKind>(),
    issuedAt: p.datetime(3),
    validUntil: p.string().length(10).nullable(),
    electronic: p.boolean(),
  },
});
export type CertificateRow = InferEntity<typeof certificates>;

export const deliveries = defineEntity({
  name: 'DeliveryRecord',
  tableName: 'delivery',
  properties: {
    caseNumber: caseNumber().primary(),
    channel: p.string().length(32).$type<DeliveryChannel>(),
    deliveredAt: p.datetime(3),
    trackingNumber: p.string().length(64).nullable(),
  },
});
export type DeliveryRow = InferEntity<typeof deliveries>;

export const DEPARTMENT_TABLES = [
  cases,
  applications,
  caseSteps,
  specialProcedures,
  limitExtensions,
  decisions,
  certificates,
  deliveries,
] as const;
