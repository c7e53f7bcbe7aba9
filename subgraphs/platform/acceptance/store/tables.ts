import { defineEntity, type InferEntity, type Platform, p } from '@mikro-orm/core';
import { sealedJson, sealedText } from '../../../kit/privacy/sealed-columns.js';
import { keysOfStore } from '../../../kit/privacy/store-keys.js';
import type {
  ApplicantKind,
  ApplicationChannel,
  ApplicationState,
  CaseProgressKind,
  CaseStage,
  DecisionOutcome,
  DispatchState,
  InboxKind,
} from '../types/enums.js';
import type { AskedField, AskedMaterial, Defect, HandedMaterial, HandedValue, KnownStep } from './handed-in.js';

/** The registry's departments, as their feed tells them, and what stands for each in case numbers. */
export const departments = defineEntity({
  name: 'DepartmentProjection',
  tableName: 'department',
  properties: {
    code: p.string().length(32).primary(),
    name: p.string().length(200),
    url: p.string().length(2048),
    subscriptionUrl: p.string().length(2048),
    /** Given once, never changed. */
    letters: p.string().length(4).unique(),
    /** How often it has registered, so that a new registration is noticed though nothing else changed. */
    registrations: p.integer(),
  },
});
export type DepartmentRow = InferEntity<typeof departments>;

/** The catalogue's items, as its feed tells them. */
export const items = defineEntity({
  name: 'ItemProjection',
  tableName: 'item',
  properties: {
    departmentCode: p.string().length(32).primary(),
    code: p.string().length(64).primary(),
    name: p.string().length(200),
    retired: p.boolean(),
    guideVersion: p.integer(),
    promisedDays: p.integer(),
    statutoryDays: p.integer(),
    materials: p.json<AskedMaterial[]>(),
    formFields: p.json<AskedField[]>(),
    /** The approval flow; null until the catalogue has told it. */
    steps: p.json<KnownStep[]>().nullable(),
  },
});
export type ItemRow = InferEntity<typeof items>;

const applicant = (table: string) => ({
  /** Whose account it was handed in from, see access/subject-key.ts; null when a window did it. */
  applicantSubject: p.string().length(128).nullable(),
  applicantKind: p.string().length(32).$type<ApplicantKind>(),
  applicantName: sealedText('NAME', `${table}.applicant_name`),
  applicantIdNumber: sealedText('ID_NUMBER', `${table}.applicant_id_number`, 'applicant_id_hash'),
  /** By which a sealed number is found; follows it, see {@link withIdHash}. Null in rows from before numbers were sealed. */
  applicantIdHash: p.string().length(64).nullable(),
  applicantPhone: sealedText('PHONE', `${table}.applicant_phone`),
});

/** Keeps the digest of a row's number that of its number, whoever writes the row. */
const withIdHash = {
  beforeCreate: [setIdHash],
  beforeUpdate: [setIdHash],
};

function setIdHash({ entity, em }: { entity: object; em: { getPlatform(): Platform } }): void {
  const row = entity as { applicantIdNumber: string; applicantIdHash?: string | null };
  const keys = keysOfStore(em.getPlatform());
  const { applicantIdHash: hash } = row;
  if (hash == null || !keys.hashes(row.applicantIdNumber).includes(hash)) row.applicantIdHash = keys.hash(row.applicantIdNumber);
}

const handedIn = (table: string) => ({
  departmentCode: p.string().length(32),
  itemCode: p.string().length(64),
  channel: p.string().length(16).$type<ApplicationChannel>(),
  materials: sealedJson<HandedMaterial[]>(`${table}.materials`),
  form: sealedJson<HandedValue[]>(`${table}.form`),
});

export const applications = defineEntity({
  name: 'ApplicationRecord',
  tableName: 'application',
  indexes: [
    { properties: ['submittedAt', 'id'] },
    { properties: ['departmentCode', 'submittedAt', 'id'] },
    { properties: ['applicantSubject', 'submittedAt', 'id'] },
    { properties: ['state', 'submittedAt', 'id'] },
    { properties: ['state', 'deemedDueAt', 'id'] },
  ],
  hooks: withIdHash,
  properties: {
    id: p.string().length(36).primary(),
    ...handedIn('application'),
    ...applicant('application'),
    state: p.string().length(16).$type<ApplicationState>(),
    submittedAt: p.datetime(3),
    /** Who handed it in, see access/subject-key.ts. */
    submittedBy: p.string().length(64),
    /** Of the client's own id for the request and who sent it; null without one. */
    requestKey: p.string().length(64).nullable().unique(),
    /** Of what was handed in, so that a repeated request is told from another one. Sealed: few numbers are possible, so a digest gives one away. */
    fingerprint: sealedText('WRITING', 'application.fingerprint'),
    /** Of the guide it was checked against. */
    guideVersion: p.integer(),
    caseNumber: p.string().length(32).nullable().unique(),
    /** When it was received as it stands: handed in, or last corrected. Null in rows older than this column: `submittedAt`. */
    receivedAt: p.datetime(3).nullable(),
    /** When it is deemed accepted unless somebody says something before; null while no calendar reaches it, and once decided. */
    deemedDueAt: p.datetime(3).nullable(),
    /** What the guide asks for and a window took in without; null when nothing was missing. */
    defects: p.json<Defect[]>().nullable(),
    /** How often materials and form were handed in; 1 before any correction. */
    contentVersion: p.integer().default(1),
    /** How many one-time notices were given; more than one is an anomaly. */
    noticeCount: p.integer().default(0),
    /** How many events its history has. */
    eventCount: p.integer().default(0),
    version: p.integer().version(),
  },
});
export type ApplicationRow = InferEntity<typeof applications>;

export const cases = defineEntity({
  name: 'CaseRecord',
  tableName: 'accepted_case',
  indexes: [
    { properties: ['acceptedAt', 'number'] },
    { properties: ['dueSort', 'number'] },
    { properties: ['departmentCode', 'acceptedAt', 'number'] },
    { properties: ['departmentCode', 'dueSort', 'number'] },
    { properties: ['departmentCode', 'itemCode', 'acceptedAt', 'number'] },
    { properties: ['applicantSubject', 'acceptedAt', 'number'] },
    { properties: ['applicantIdHash', 'acceptedAt', 'number'] },
    { properties: ['stage', 'acceptedAt', 'number'] },
    { properties: ['closedAt', 'acceptedAt', 'number'] },
    { properties: ['dueDatesPending', 'number'] },
    { properties: ['decidedAt', 'number'] },
    { properties: ['departmentCode', 'decidedAt', 'number'] },
  ],
  hooks: withIdHash,
  properties: {
    number: p.string().length(32).primary(),
    applicationId: p.string().length(36).unique(),
    ...handedIn('accepted_case'),
    ...applicant('accepted_case'),
    acceptedAt: p.datetime(3),
    acceptedBy: p.string().length(64),
    stage: p.string().length(24).$type<CaseStage>(),
    /** The kinds of the special procedures that are running. */
    runningProcedures: p.json<string[]>(),
    promisedDays: p.integer(),
    statutoryDays: p.integer(),
    promisedDueAt: p.datetime(3).nullable(),
    statutoryDueAt: p.datetime(3).nullable(),
    dueDatesPending: p.boolean(),
    /** `promisedDueAt`, or the end of time without one: a null has no place in a sorted list. */
    dueSort: p.datetime(3),
    outcome: p.string().length(16).$type<DecisionOutcome>().nullable(),
    decidedAt: p.datetime(3).nullable(),
    certificateNumber: p.string().length(128).nullable(),
    closedAt: p.datetime(3).nullable(),
    /** How many entries its timeline has. */
    progressCount: p.integer(),
    version: p.integer().version(),
  },
});
export type CaseRow = InferEntity<typeof cases>;

/** The timeline of every case, gapless and in the order the ledger learnt of it. */
export const progress = defineEntity({
  name: 'CaseProgressRecord',
  tableName: 'case_progress',
  properties: {
    caseNumber: p.string().length(32).primary(),
    ordinal: p.integer().primary().autoincrement(false),
    /** The id of the event in the ledger's own feed. */
    eventId: p.string().length(36).unique(),
    /** The id the department gave it; null for what happened here. */
    sourceEventId: p.string().length(64).nullable(),
    departmentCode: p.string().length(32),
    kind: p.string().length(32).$type<CaseProgressKind>(),
    occurredAt: p.datetime(3),
    recordedAt: p.datetime(3),
    stage: p.string().length(24).$type<CaseStage>(),
    stepCode: p.string().length(64).nullable(),
    stepName: p.string().length(200).nullable(),
    handler: p.string().length(200).nullable(),
    note: sealedText('WRITING', 'case_progress.note').nullable(),
    /** The detail of the department's event as it came. */
    detail: sealedJson<Record<string, unknown>>('case_progress.detail').nullable(),
  },
});
export type ProgressRow = InferEntity<typeof progress>;

/** The last count of a department's day; its row lock is what keeps case numbers gapless. */
export const caseCounts = defineEntity({
  name: 'CaseCount',
  tableName: 'case_count',
  properties: {
    departmentCode: p.string().length(32).primary(),
    day: p.string().length(10).primary(),
    last: p.integer(),
  },
});

/** What waits for somebody: the windows, a department's officers, an applicant. Made of the ledger's own feed. */
export const inboxEntries = defineEntity({
  name: 'InboxEntry',
  tableName: 'inbox_entry',
  indexes: [{ properties: ['audience', 'dueSort', 'id'] }],
  properties: {
    /** `application:` or `case:`, and which. */
    id: p.string().length(48).primary(),
    kind: p.string().length(32).$type<InboxKind>(),
    /** `window`, `department:` and its code, or `applicant:` and the key of the account. */
    audience: p.string().length(80),
    departmentCode: p.string().length(32),
    itemCode: p.string().length(64),
    waitingSince: p.datetime(3),
    dueAt: p.datetime(3).nullable(),
    /** `dueAt`, or the end of time without one. */
    dueSort: p.datetime(3),
    /** What a department does next, as far as its approval flow is known. */
    stepCode: p.string().length(64).nullable(),
    stepName: p.string().length(200).nullable(),
  },
});
export type InboxRow = InferEntity<typeof inboxEntries>;

/** How many entries each audience has, kept with the entries, so that nobody counts. */
export const inboxCounts = defineEntity({
  name: 'InboxCount',
  tableName: 'inbox_count',
  properties: {
    audience: p.string().length(80).primary(),
    kind: p.string().length(32).primary().$type<InboxKind>(),
    waiting: p.integer(),
  },
});

/** One accepted case on its way to its department. */
export const dispatches = defineEntity({
  name: 'Dispatch',
  tableName: 'dispatch',
  indexes: [{ properties: ['state', 'departmentCode', 'nextAttemptAt'] }],
  properties: {
    caseNumber: p.string().length(32).primary(),
    departmentCode: p.string().length(32),
    state: p.string().length(16).$type<DispatchState>(),
    attempts: p.integer(),
    /** When it is tried next, in milliseconds since 1970; while it is being tried, when it is tried again should that worker die. */
    nextAttemptAt: p.bigint('number'),
    /** Who is trying it. */
    claimedBy: p.string().length(36).nullable(),
    lastErrorCode: p.string().length(64).nullable(),
    deliveredAt: p.datetime(3).nullable(),
    /** What the department says. */
    receivedAt: p.datetime(3).nullable(),
  },
});
export type DispatchRow = InferEntity<typeof dispatches>;
