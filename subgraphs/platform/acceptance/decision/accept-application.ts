import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { subjectKey } from '../access/subject-key.js';
import type { Ledger } from '../ledger.js';
import { appendProgress } from '../progress/append-progress.js';
import { caseDay, caseNumber } from '../rules/case-number.js';
import { dueDates } from '../rules/due-dates.js';
import { type ApplicationRow, applications, type CaseRow, cases, departments, dispatches, items } from '../store/tables.js';
import { nextCaseCount, openCaseCount } from './case-count.js';
import { dueSort } from './due-sort.js';

export interface Acceptance {
  application: ApplicationRow;
  case: CaseRow;
}

/**
 * Accepts an application: its case, the case's number and limits, the dispatch to the department and the ledger's event
 * are made together or not at all. Accepting what is accepted already answers with the case there is, so two windows
 * that press the button at once both see the one case.
 * @throws CataloguedError APPLICATION_NOT_FOUND
 */
export async function acceptApplication(ledger: Ledger, caller: Caller, applicationId: string): Promise<Acceptance> {
  requireRole(caller, 'window');
  const { store, feed, clock } = ledger;
  const em = store.fork();
  const found = await em.findOne(applications, applicationId);
  if (found === null) throw new CataloguedError('APPLICATION_NOT_FOUND', 'applicationId is no application', { field: 'applicationId' });
  const { letters } = await em.findOneOrFail(departments, found.departmentCode);
  const { promisedDays, statutoryDays } = await em.findOneOrFail(items, { departmentCode: found.departmentCode, code: found.itemCode });
  const acceptedAt = clock();
  const day = caseDay(acceptedAt);
  if (found.state === 'SUBMITTED') await openCaseCount(store, found.departmentCode, day);

  return feed.transaction(store.fork(), async (tx, append) => {
    // whoever accepts the same application waits here, and then sees what was done
    const application = await tx.findOneOrFail(applications, applicationId, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (application.caseNumber != null) return { application, case: await tx.findOneOrFail(cases, application.caseNumber) };
    const number = caseNumber({ letters, day, count: await nextCaseCount(tx, application.departmentCode, day) });
    const accepted = await openCase(tx, append, application.submittedAt, {
      ...handedIn(application),
      ...dueDates(ledger.calendar, acceptedAt, { promisedDays, statutoryDays }),
      number,
      applicationId: application.id,
      acceptedAt,
      acceptedBy: subjectKey(caller.subject),
      promisedDays,
      statutoryDays,
    });
    application.state = 'ACCEPTED';
    application.caseNumber = number;
    return { application, case: accepted };
  });
}

type NewCase = Omit<
  CaseRow,
  | 'applicantIdHash'
  | 'dueSort'
  | 'stage'
  | 'runningProcedures'
  | 'outcome'
  | 'decidedAt'
  | 'certificateNumber'
  | 'closedAt'
  | 'progressCount'
  | 'version'
  | symbol
>;

async function openCase(tx: SqlEntityManager, append: Append, submittedAt: Date, opened: NewCase): Promise<CaseRow> {
  const row = tx.create(cases, {
    ...opened,
    dueSort: dueSort(opened.promisedDueAt),
    stage: 'ACCEPTED',
    runningProcedures: [],
    outcome: null,
    decidedAt: null,
    certificateNumber: null,
    closedAt: null,
    progressCount: 0,
  });
  const { acceptedAt } = row;
  await appendProgress(
    tx,
    append,
    row,
    { kind: 'ACCEPTED', occurredAt: acceptedAt, recordedAt: acceptedAt, id: randomUUID() },
    { submittedAt: submittedAt.toISOString() },
  );
  tx.create(dispatches, {
    caseNumber: row.number,
    departmentCode: row.departmentCode,
    state: 'PENDING',
    attempts: 0,
    nextAttemptAt: 0,
    claimedBy: null,
    lastErrorCode: null,
    lastErrorMessage: null,
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
