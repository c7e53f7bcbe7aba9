import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { subjectKey } from '../access/subject-key.js';
import { applicationNotFound, changeApplication } from '../application/change-application.js';
import type { Ledger } from '../ledger.js';
import { notAwaitingCorrection, undecided } from '../rules/application-open.js';
import { caseDay } from '../rules/case-number.js';
import { type ApplicationRow, applications, type CaseRow, cases } from '../store/tables.js';
import { openCaseCount } from './case-count.js';
import { openCase } from './open-case.js';

export interface Acceptance {
  application: ApplicationRow;
  case: CaseRow;
}

/**
 * Accepts an application: its case, the case's number and limits, the dispatch to the department and the ledger's event
 * are made together or not at all. Accepting what is accepted already answers with the case there is, so two windows
 * that press the button at once both see the one case.
 * @throws CataloguedError APPLICATION_NOT_FOUND, APPLICATION_DECIDED when it was refused or withdrawn,
 * APPLICATION_AWAITS_CORRECTION, MATERIAL_MISSING when it was taken in incomplete and never corrected
 */
export async function acceptApplication(ledger: Ledger, caller: Caller, applicationId: string): Promise<Acceptance> {
  requireRole(caller, 'window');
  const found = await ledger.store.fork().findOne(applications, applicationId);
  if (found === null || found.id !== applicationId) throw applicationNotFound();
  const acceptedAt = ledger.clock();
  if (found.state === 'SUBMITTED') await openCaseCount(ledger.store, found.departmentCode, caseDay(acceptedAt));

  return changeApplication(ledger, applicationId, async (application, tx, append) => {
    if (application.caseNumber != null) return { application, case: await tx.findOneOrFail(cases, application.caseNumber) };
    undecided(application);
    notAwaitingCorrection(application);
    complete(application);
    const opening = { acceptedAt, recordedAt: acceptedAt, acceptedBy: subjectKey(caller.subject) };
    return { application, case: await openCase(tx, append, ledger, application, opening) };
  });
}

function complete({ defects }: ApplicationRow): void {
  if (defects == null || defects.length === 0) return;
  throw new CataloguedError(
    'MATERIAL_MISSING',
    `the application lacks ${defects.map(({ label }) => label).join(', ')}; give the one-time notice`,
    {
      missing: defects.map(({ materialCode, formField, label }) => ({ code: materialCode ?? formField, name: label })),
    },
  );
}
