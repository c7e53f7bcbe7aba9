import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedJson, sealedText } from '../../../kit/privacy/sealed-columns.js';
import type { ApplicationEventKind, RefusalReason } from '../types/enums.js';
import type { HandedMaterial, HandedValue } from './handed-in.js';
import type { NoticeItem } from './notice-item.js';

/** An application that is being filled in. Only whoever fills it in sees it, and it goes when it is handed in. */
export const drafts = defineEntity({
  name: 'ApplicationDraft',
  tableName: 'application_draft',
  indexes: [{ properties: ['owner', 'savedAt', 'id'] }],
  properties: {
    id: p.string().length(36).primary(),
    /** Whose it is, see access/subject-key.ts. */
    owner: p.string().length(64),
    /** Of the client's own id for the first save and who sent it; null without one. */
    requestKey: p.string().length(64).nullable().unique(),
    departmentCode: p.string().length(32),
    itemCode: p.string().length(64),
    /** What was filled in so far, as it was sent. */
    content: sealedJson<Record<string, unknown>>('application_draft.content'),
    savedAt: p.datetime(3),
    revision: p.integer(),
    version: p.integer().version(),
  },
});
export type DraftRow = InferEntity<typeof drafts>;

/** Everything that happened to an application, gapless and in order. */
export const applicationEvents = defineEntity({
  name: 'ApplicationEventRecord',
  tableName: 'application_event',
  properties: {
    applicationId: p.string().length(36).primary(),
    ordinal: p.integer().primary().autoincrement(false),
    /** The id of the event in the ledger's own feed. */
    eventId: p.string().length(36).unique(),
    kind: p.string().length(32).$type<ApplicationEventKind>(),
    occurredAt: p.datetime(3),
    /** Who did it, see access/subject-key.ts; null for what happened by itself. */
    actor: p.string().length(64).nullable(),
  },
});
export type ApplicationEventRow = InferEntity<typeof applicationEvents>;

/** A one-time notice (Art. 17). A second one stays on record as what it is: an anomaly. */
export const notices = defineEntity({
  name: 'OneTimeNotice',
  tableName: 'one_time_notice',
  properties: {
    applicationId: p.string().length(36).primary(),
    ordinal: p.integer().primary().autoincrement(false),
    requestKey: p.string().length(64).unique(),
    /** Sealed, as an application's is. */
    fingerprint: sealedText('WRITING', 'one_time_notice.fingerprint'),
    complex: p.boolean(),
    items: sealedJson<NoticeItem[]>('one_time_notice.items'),
    givenAt: p.datetime(3),
    givenBy: p.string().length(64),
    /** When it had to be given at the latest; null when no calendar says. */
    dueAt: p.datetime(3).nullable(),
    late: p.boolean(),
    correctedAt: p.datetime(3).nullable(),
    correctionKey: p.string().length(64).nullable().unique(),
    correctionFingerprint: sealedText('WRITING', 'one_time_notice.correction_fingerprint').nullable(),
  },
});
export type NoticeRow = InferEntity<typeof notices>;

/** What was handed in before a correction: nothing an applicant handed in is lost. */
export const applicationVersions = defineEntity({
  name: 'ApplicationVersion',
  tableName: 'application_version',
  properties: {
    applicationId: p.string().length(36).primary(),
    ordinal: p.integer().primary().autoincrement(false),
    handedInAt: p.datetime(3),
    handedInBy: p.string().length(64),
    materials: sealedJson<HandedMaterial[]>('application_version.materials'),
    form: sealedJson<HandedValue[]>('application_version.form'),
  },
});
export type ApplicationVersionRow = InferEntity<typeof applicationVersions>;

/** Why acceptance was refused, and who is competent instead. */
export const refusals = defineEntity({
  name: 'AcceptanceRefusal',
  tableName: 'acceptance_refusal',
  properties: {
    applicationId: p.string().length(36).primary(),
    reason: p.string().length(32).$type<RefusalReason>(),
    /** What a window writes may name people. */
    explanation: sealedText('WRITING', 'acceptance_refusal.explanation'),
    competentBody: p.string().length(200).nullable(),
    refusedAt: p.datetime(3),
    refusedBy: p.string().length(64),
  },
});
export type RefusalRow = InferEntity<typeof refusals>;

export const APPLICATION_TABLES = [drafts, applicationEvents, notices, applicationVersions, refusals] as const;
