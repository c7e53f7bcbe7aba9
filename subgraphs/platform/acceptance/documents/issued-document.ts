import type { SqlEntityManager } from '@mikro-orm/sql';
import { contentHashes } from '../files/content-hashes.js';
import type { Ledger } from '../ledger.js';
import { dueDates } from '../rules/due-dates.js';
import { notices, refusals } from '../store/application-tables.js';
import { certificates, type DocumentRow, documents } from '../store/file-tables.js';
import { applications, cases, departments, items, progress } from '../store/tables.js';
import { composePaper } from './compose-paper.js';
import { drawPaper } from './draw-paper.js';
import type { PaperSubject } from './papers/paper-subject.js';

export function documentKey({ id, sha256 }: { id: string; sha256?: string | null | undefined }): string {
  return `documents/${id}/${sha256}.pdf`;
}

/** Where anybody verifies a document, or the certificate it is. */
export function verificationAddress({ links }: Pick<Ledger, 'links'>, document: DocumentRow, certificateNumber?: string): string {
  if (document.kind === 'CERTIFICATE' && certificateNumber !== undefined)
    return `${links.origin}/certificates/${encodeURIComponent(certificateNumber)}`;
  return `${links.origin}/documents/${document.id}/verification`;
}

/**
 * A document, drawn and kept. Of several that draw the same one at once, the first is kept; from then on it is never drawn
 * again.
 */
export async function issuedDocument(ledger: Ledger, row: DocumentRow): Promise<DocumentRow> {
  if (row.sha256 != null) return row;
  const { store, files } = ledger;
  const content = await drawPaper(composePaper(await subjectOf(store.fork(), ledger, row)));
  const { size, sha256, sm3 } = contentHashes(content);
  await files.put(documentKey({ id: row.id, sha256 }), content);
  await store.fork().nativeUpdate(documents, { id: row.id, sha256: null }, { size, sha256, sm3 });
  return store.fork().findOneOrFail(documents, row.id);
}

async function subjectOf(em: SqlEntityManager, ledger: Ledger, document: DocumentRow): Promise<PaperSubject> {
  const application = await em.findOneOrFail(applications, document.applicationId);
  const { departmentCode, itemCode } = application;
  const [item, department, notice, refusal] = [
    await em.findOne(items, { departmentCode, code: itemCode }),
    await em.findOne(departments, departmentCode),
    document.kind === 'ONE_TIME_NOTICE' ? await em.findOne(notices, { applicationId: application.id, ordinal: document.ordinal }) : null,
    document.kind === 'ACCEPTANCE_REFUSAL' ? await em.findOne(refusals, application.id) : null,
  ];
  const { caseNumber } = document;
  const timeline = caseNumber == null ? [] : await em.find(progress, { caseNumber }, { orderBy: { ordinal: 'asc' } });
  const accepted = caseNumber == null ? null : await em.findOneOrFail(cases, caseNumber);
  const certificate = caseNumber == null ? null : await em.findOne(certificates, { caseNumber });
  return {
    document,
    application,
    case: accepted,
    limits: accepted && dueDates(ledger.calendar, accepted.acceptedAt, accepted),
    itemName: item?.name ?? itemCode,
    departmentName: department?.name ?? departmentCode,
    notice,
    refusal,
    event: timeline.find(({ ordinal }) => ordinal === document.ordinal) ?? null,
    decision: timeline.find(({ kind, ordinal }) => kind === 'DECIDED' && ordinal <= document.ordinal) ?? null,
    certificate,
    address: verificationAddress(ledger, document, certificate?.number),
  };
}
