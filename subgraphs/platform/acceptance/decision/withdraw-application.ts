import { type Caller, hasRole, requireRole } from '../../../kit/identity/caller.js';
import { isApplicantOf } from '../access/row-guard.js';
import { subjectKey } from '../access/subject-key.js';
import { appendApplicationEvent } from '../application/append-application-event.js';
import { applicationNotFound, changeApplication } from '../application/change-application.js';
import { oweDocument } from '../documents/owed-document.js';
import type { Ledger } from '../ledger.js';
import { undecided } from '../rules/application-open.js';
import type { ApplicationRow } from '../store/tables.js';

/**
 * Takes an application back before it is accepted: the applicant's own right, or at a window on the applicant's word.
 * Withdrawing what is withdrawn changes nothing. An accepted case is withdrawn with the department, by a decision.
 * @throws CataloguedError APPLICATION_NOT_FOUND, APPLICATION_DECIDED
 */
export async function withdrawApplication(ledger: Ledger, caller: Caller, applicationId: string): Promise<ApplicationRow> {
  requireRole(caller, 'applicant', 'window');
  return changeApplication(ledger, applicationId, async (application, tx, append, at) => {
    if (!hasRole(caller, 'window') && !isApplicantOf(caller, application)) throw applicationNotFound();
    if (application.state === 'WITHDRAWN') return application;
    undecided(application);
    application.state = 'WITHDRAWN';
    application.deemedDueAt = null;
    const actor = subjectKey(caller.subject);
    await appendApplicationEvent(tx, append, application, { kind: 'APPLICATION_WITHDRAWN', occurredAt: at, actor });
    oweDocument(tx, { kind: 'WITHDRAWAL_CONFIRMATION', application, ordinal: 1, at });
    return application;
  });
}
