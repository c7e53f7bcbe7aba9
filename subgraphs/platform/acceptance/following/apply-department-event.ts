import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { EventRefused } from '../../../kit/feed/consumer.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { openDossier } from '../archive/open-dossier.js';
import { recordCertificate } from '../certificates/record-certificate.js';
import { documentOf } from '../documents/case-documents.js';
import { queueDocument } from '../documents/document-queue.js';
import type { Ledger } from '../ledger.js';
import { appendProgress } from '../progress/append-progress.js';
import { endsWithDecision, standingAfter } from '../rules/case-stage.js';
import { type CaseRow, cases } from '../store/tables.js';
import { type CheckedEvent, checkedEvent, type DepartmentEvent } from './department-event.js';

/**
 * Brings a case up to what its department says of it.
 * @throws EventRefused for an event of another department, of a case that is not that department's, or without sense
 */
export async function applyDepartmentEvent(
  tx: SqlEntityManager,
  append: Append,
  event: DepartmentEvent,
  { departmentCode, recordedAt, ledger }: { departmentCode: string; recordedAt: Date; ledger: Pick<Ledger, 'certificateSeal' | 'timing'> },
): Promise<void> {
  const checked = checkedEvent(event, departmentCode);
  const row = await tx.findOne(cases, checked.caseNumber, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (row === null || row.number !== checked.caseNumber) throw new EventRefused('there is no such case');
  if (row.departmentCode !== departmentCode) throw new EventRefused('the case is of another department');
  move(row, checked);
  const { kind, occurredAt, detail, stepCode, stepName, handler, note } = checked;
  await appendProgress(tx, append, row, {
    id: randomUUID(),
    sourceEventId: event.id,
    kind,
    occurredAt,
    recordedAt,
    detail,
    stepCode,
    stepName,
    handler,
    note,
  });
  if (kind === 'CERTIFICATE_ISSUED' && detail !== null) await recordCertificate(tx, ledger, row, detail);
  const document = documentOf(checked);
  const application = { id: row.applicationId, departmentCode, caseNumber: row.number };
  if (document !== undefined) queueDocument(tx, { kind: document, application, ordinal: row.progressCount, at: occurredAt });
  if (row.closedAt != null) await openDossier(tx, row, ledger.timing.sealAfter);
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
