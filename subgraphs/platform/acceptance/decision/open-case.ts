import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Append } from '../../../kit/feed/event-feed.js';
import { oweDocument } from '../documents/owed-document.js';
import type { Ledger } from '../ledger.js';
import { appendProgress } from '../progress/append-progress.js';
import { caseDay, caseNumber } from '../rules/case-number.js';
import { dueDates } from '../rules/due-dates.js';
import { type ApplicationRow, type CaseRow, cases, departments, dispatches, items } from '../store/tables.js';
import { nextCaseCount } from './case-count.js';
import { dueSort } from './due-sort.js';

export interface CaseOpening {
  /** From when the limits run. */
  acceptedAt: Date;
  /** When the ledger says so. */
  recordedAt: Date;
  /** See access/subject-key.ts. */
  acceptedBy: string;
}

/**
 * Makes an application a case in the caller's transaction, which holds the application's row: the case, its number and
 * limits, the dispatch to the department and the ledger's event. The day's count must have been opened.
 */
export async function openCase(
  tx: SqlEntityManager,
  append: Append,
  { calendar }: Pick<Ledger, 'calendar'>,
  application: ApplicationRow,
  { acceptedAt, recordedAt, acceptedBy }: CaseOpening,
): Promise<CaseRow> {
  const { departmentCode, itemCode } = application;
  const { letters } = await tx.findOneOrFail(departments, departmentCode);
  const { promisedDays, statutoryDays } = await tx.findOneOrFail(items, { departmentCode, code: itemCode });
  const day = caseDay(acceptedAt);
  const number = caseNumber({ letters, day, count: await nextCaseCount(tx, departmentCode, day) });
  const dates = dueDates(calendar, acceptedAt, { promisedDays, statutoryDays });
  const row = tx.create(cases, {
    ...handedIn(application),
    ...dates,
    number,
    applicationId: application.id,
    acceptedAt,
    acceptedBy,
    promisedDays,
    statutoryDays,
    dueSort: dueSort(dates.promisedDueAt),
    stage: 'ACCEPTED',
    runningProcedures: [],
    outcome: null,
    decidedAt: null,
    certificateNumber: null,
    closedAt: null,
    progressCount: 0,
  });
  application.state = 'ACCEPTED';
  application.caseNumber = number;
  application.deemedDueAt = null;
  await appendProgress(
    tx,
    append,
    row,
    { kind: 'ACCEPTED', occurredAt: acceptedAt, recordedAt, id: randomUUID() },
    { applicationId: application.id, submittedAt: application.submittedAt.toISOString() },
  );
  oweDocument(tx, { kind: 'ACCEPTANCE_NOTICE', application, ordinal: row.progressCount, at: recordedAt });
  tx.create(dispatches, {
    caseNumber: number,
    departmentCode,
    state: 'PENDING',
    attempts: 0,
    nextAttemptAt: 0,
    claimedBy: null,
    lastErrorCode: null,
    deliveredAt: null,
    receivedAt: null,
  });
  return row;
}

/** What a case takes over from its application. */
function handedIn(application: ApplicationRow) {
  const { departmentCode, itemCode, channel, materials, form } = application;
  const { applicantSubject, applicantKind, applicantName, applicantIdNumber, applicantPhone } = application;
  return {
    departmentCode,
    itemCode,
    channel,
    materials,
    form,
    applicantSubject,
    applicantKind,
    applicantName,
    applicantIdNumber,
    applicantPhone,
  };
}
