import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { subjectKey } from '../access/subject-key.js';
import { appendApplicationEvent } from '../application/append-application-event.js';
import { changeApplication } from '../application/change-application.js';
import { oweDocument } from '../documents/owed-document.js';
import type { Ledger } from '../ledger.js';
import { undecided } from '../rules/application-open.js';
import { notForcedOnline } from '../rules/forced-online.js';
import { refusals } from '../store/application-tables.js';
import type { ApplicationRow } from '../store/tables.js';
import { paragraph } from '../submission/handed-in-application.js';
import type { RefuseAcceptanceInput } from '../types/handling-inputs.js';

/** Characters of a body's name. */
const LONGEST_BODY = 200;

/**
 * Refuses to accept an application, in writing, with the reason and, where another body is competent, which
 * (Administrative Licensing Law, Art. 32). Refusing once more with the same words changes nothing.
 * @throws CataloguedError APPLICATION_NOT_FOUND, APPLICATION_DECIDED, FORCED_ONLINE, BAD_USER_INPUT
 */
export async function refuseAcceptance(ledger: Ledger, caller: Caller, input: RefuseAcceptanceInput): Promise<ApplicationRow> {
  requireRole(caller, 'window');
  const { applicationId, reason } = input;
  const explanation = paragraph('explanation', input.explanation);
  const competentBody = input.competentBody == null ? null : paragraph('competentBody', input.competentBody, LONGEST_BODY);
  if (reason === 'NOT_COMPETENT' && competentBody === null) {
    throw new CataloguedError('BAD_USER_INPUT', 'competentBody must say where to apply instead', { field: 'competentBody' });
  }
  return changeApplication(ledger, applicationId, async (application, tx, append, at) => {
    const earlier = await tx.findOne(refusals, applicationId);
    const same = earlier?.reason === reason && earlier.explanation === explanation && (earlier.competentBody ?? null) === competentBody;
    if (same) return application;
    undecided(application);
    notForcedOnline(application.channel, reason);
    if (reason === 'NOT_CORRECTED' && application.noticeCount === 0) {
      throw new CataloguedError('BAD_USER_INPUT', 'reason NOT_CORRECTED: the applicant was never told what to correct', {
        field: 'reason',
      });
    }
    const actor = subjectKey(caller.subject);
    tx.create(refusals, { applicationId, reason, explanation, competentBody, refusedAt: at, refusedBy: actor });
    application.state = 'REFUSED';
    application.deemedDueAt = null;
    await appendApplicationEvent(tx, append, application, { kind: 'APPLICATION_REFUSED', occurredAt: at, actor });
    oweDocument(tx, { kind: 'ACCEPTANCE_REFUSAL', application, ordinal: 1, at });
    return application;
  });
}
