import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedText } from '../../../kit/privacy/sealed-columns.js';
import type { DocumentKind, UploadState, WithholdingGround } from '../types/paper-enums.js';

/** A file on its way in, or there. It is bound to whoever sends it until an application names it. */
export const uploads = defineEntity({
  name: 'MaterialUpload',
  tableName: 'material_upload',
  indexes: [{ properties: ['applicationId'] }, { properties: ['state', 'createdAt'] }],
  properties: {
    id: p.string().length(36).primary(),
    /** Who sends it, see access/subject-key.ts. */
    owner: p.string().length(64),
    requestKey: p.string().length(64).nullable().unique(),
    /** The application it was handed in with; null until then. */
    applicationId: p.string().length(36).nullable(),
    /** People name files after themselves. */
    fileName: sealedText('WRITING', 'material_upload.file_name'),
    mediaType: p.string().length(128),
    size: p.bigint('number'),
    /** What the client says the SHA-256 is; null when it says nothing. */
    announcedSha256: p.string().length(64).nullable(),
    state: p.string().length(16).$type<UploadState>(),
    sha256: p.string().length(64).nullable(),
    sm3: p.string().length(64).nullable(),
    /** Whether a scanner looked at it. */
    scanned: p.boolean(),
    createdAt: p.datetime(3),
    storedAt: p.datetime(3).nullable(),
  },
});
export type UploadRow = InferEntity<typeof uploads>;

/** A document that an application or case led to. It is drawn when somebody first asks for it, and then never changes. */
export const documents = defineEntity({
  name: 'CaseDocument',
  tableName: 'document',
  indexes: [{ properties: ['applicationId', 'createdAt', 'id'] }, { properties: ['caseNumber', 'createdAt', 'id'] }],
  uniques: [{ properties: ['applicationId', 'kind', 'ordinal'] }],
  properties: {
    id: p.string().length(36).primary(),
    applicationId: p.string().length(36),
    caseNumber: p.string().length(32).nullable(),
    departmentCode: p.string().length(32),
    kind: p.string().length(32).$type<DocumentKind>(),
    /** Which of its kind, from 1. */
    ordinal: p.integer(),
    /** The date it bears. */
    createdAt: p.datetime(3),
    size: p.integer().nullable(),
    sha256: p.string().length(64).nullable(),
    sm3: p.string().length(64).nullable(),
  },
});
export type DocumentRow = InferEntity<typeof documents>;

/** A certificate as the platform vouches for it. */
export const certificates = defineEntity({
  name: 'CertificateEntry',
  tableName: 'certificate_entry',
  properties: {
    number: p.string().length(128).primary(),
    caseNumber: p.string().length(32).unique(),
    electronic: p.boolean(),
    issuedAt: p.datetime(3),
    /** A calendar day; null without an end. */
    validUntil: p.string().length(10).nullable(),
    /** A JWS (EdDSA) over what the certificate says, without personal data. */
    signed: p.text(),
  },
});
export type CertificateRow = InferEntity<typeof certificates>;

/** A closed case on its way into the archive, and there. */
export const dossiers = defineEntity({
  name: 'Dossier',
  tableName: 'dossier',
  indexes: [{ properties: ['sealedAt', 'sealDueAt', 'caseNumber'] }, { properties: ['departmentCode', 'sealedAt', 'caseNumber'] }],
  properties: {
    caseNumber: p.string().length(32).primary(),
    departmentCode: p.string().length(32),
    closedAt: p.datetime(3),
    /** When it is sealed at the latest. */
    sealDueAt: p.datetime(3),
    sealedAt: p.datetime(3).nullable(),
    /** Where it lies in the ledger's files. */
    storageKey: p.string().length(128).nullable(),
    size: p.bigint('number').nullable(),
    /** Of the whole file. */
    sha256: p.string().length(64).nullable(),
    /** How many files it has. */
    entries: p.integer().nullable(),
    /** Of the manifest, which has the hashes of everything else. */
    manifestSha256: p.string().length(64).nullable(),
    /** A JWS (EdDSA) over the manifest's hash. */
    seal: p.text().nullable(),
    handedOverAt: p.datetime(3).nullable(),
    handedOverBy: p.string().length(64).nullable(),
    /** Who took it: the department's archive. */
    receivedBy: sealedText('WRITING', 'dossier.received_by').nullable(),
    handOverNote: sealedText('WRITING', 'dossier.hand_over_note').nullable(),
  },
});
export type DossierRow = InferEntity<typeof dossiers>;

/** An item whose results are not published, and why (Art. 24). */
export const withholdings = defineEntity({
  name: 'WithheldItem',
  tableName: 'withheld_item',
  properties: {
    departmentCode: p.string().length(32).primary(),
    itemCode: p.string().length(64).primary(),
    ground: p.string().length(32).$type<WithholdingGround>(),
    explanation: p.text(),
    decidedAt: p.datetime(3),
    decidedBy: p.string().length(64),
  },
});
export type WithholdingRow = InferEntity<typeof withholdings>;

/** What a file is sealed with, by the key it is kept under. */
export const storedFiles = defineEntity({
  name: 'StoredFile',
  tableName: 'stored_file',
  properties: {
    storageKey: p.string().length(160).primary(),
    /** See kit/privacy/content-key.ts. */
    secret: sealedText('WRITING', 'stored_file.secret'),
  },
});

export const FILE_TABLES = [storedFiles, uploads, documents, certificates, dossiers, withholdings] as const;
