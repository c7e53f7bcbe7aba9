import { createHash } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { EventRefused } from '../../../kit/feed/consumer.js';
import type { Append, NewEvent } from '../../../kit/feed/event-feed.js';
import { openDossier } from '../archive/open-dossier.js';
import { isNewCertificate, recordCertificate } from '../certificates/record-certificate.js';
import { MOVES_DUE_DATES } from '../clocks/timeline-events.js';
import { setDueDates } from '../decision/set-due-dates.js';
import { documentOf } from '../documents/case-documents.js';
import { oweDocument } from '../documents/owed-document.js';
import type { Ledger } from '../ledger.js';
import { UNKNOWN_CASE } from '../ledger-events/kinds.js';
import { appendProgress } from '../progress/append-progress.js';
import { endsWithDecision, standingAfter } from '../rules/case-stage.js';
import { type CaseRow, cases, progress } from '../store/tables.js';
import { type CheckedEvent, checkedEvent, type DepartmentEvent } from './department-event.js';

/**
 * Brings a case up to what its department says of it.
 * @throws EventRefused for an event of another department, of a case that is not that department's, or without sense
 */
export async function applyDepartmentEvent(
  tx: SqlEntityManager,
  append: Append,
  event: DepartmentEvent,
  {
    departmentCode,
    recordedAt,
    ledger,
  }: { departmentCode: string; recordedAt: Date; ledger: Pick<Ledger, 'calendar' | 'certificateSeal' | 'timing'> },
): Promise<void> {
  const checked = checkedEvent(event, departmentCode);
  const row = await tx.findOne(cases, checked.caseNumber, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (row === null || row.number !== checked.caseNumber)
    throw new EventRefused('there is no such case', unknownCase(departmentCode, checked));
  if (row.departmentCode !== departmentCode) throw new EventRefused('the case is of another department');
  const { kind, occurredAt, detail, stepCode, stepName, handler, note, certificateIssuedAt: issuedAt, certificateNumber: number } = checked;
  const certificate = issuedAt !== null && number !== null && detail !== null ? { number, issuedAt, detail } : undefined;
  const isNew = certificate !== undefined && (await isNewCertificate(tx, row.number, certificate.number));
  move(row, checked);
  if (MOVES_DUE_DATES.includes(kind)) {
    const before = await tx.find(
      progress,
      { caseNumber: row.number, kind: { $in: [...MOVES_DUE_DATES] } },
      { orderBy: { ordinal: 'asc' } },
    );
    setDueDates(ledger.calendar, row, [...before, { kind, occurredAt, stepCode, detail }]);
  }
  await appendProgress(tx, append, row, {
    id: ledgerEventId(departmentCode, event.id),
    sourceEventId: event.id.length <= 64 ? event.id : createHash('sha256').update(event.id).digest('hex'),
    kind,
    occurredAt,
    recordedAt,
    detail,
    stepCode,
    stepName,
    handler,
    note,
  });
  if (isNew) await recordCertificate(tx, ledger, row, certificate);
  const document = documentOf(checked);
  const application = { id: row.applicationId, departmentCode, caseNumber: row.number };
  if (document !== undefined) oweDocument(tx, { kind: document, application, ordinal: row.progressCount, at: occurredAt });
  if (row.closedAt != null) await openDossier(tx, row, ledger.timing.sealAfter);
}

/**
 * The same for the same event of a department: a ledger that was set back and reads it a second time tells of it under the id
 * that its followers know, and they pass over it.
 */
function ledgerEventId(departmentCode: string, eventId: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([departmentCode, eventId]))
    .digest('hex');
  // a UUID of version 8, of whose bits its maker decides (RFC 9562)
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** Work on a case that was never accepted here is what supervision looks for (体外循环, Art. 37), so it is told on. */
function unknownCase(departmentCode: string, { caseNumber, kind, occurredAt }: CheckedEvent): NewEvent {
  // a number of ours has at most 32 characters; one that is longer is cut to what the feed keeps, and unknown all the same
  const subject = Array.from(caseNumber).slice(0, 64).join('').toWellFormed();
  return { kind: UNKNOWN_CASE, scope: departmentCode, subject, payload: { reported: kind }, occurredAt };
}

function move(row: CaseRow, event: CheckedEvent): void {
  const { stage, runningProcedures } = standingAfter(row, event);
  row.stage = stage;
  row.runningProcedures = [...runningProcedures];
  if (event.outcome !== null) {
    row.outcome = event.outcome;
    row.decidedAt = event.decidedAt;
    if (endsWithDecision(event.outcome)) row.closedAt = event.decidedAt;
  }
  if (event.certificateNumber !== null) row.certificateNumber = event.certificateNumber;
  if (event.kind === 'DELIVERED') row.closedAt = event.occurredAt;
}
