import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { subjectKey } from '../access/subject-key.js';
import { appendApplicationEvent, receivedAt } from '../application/append-application-event.js';
import { changeApplication } from '../application/change-application.js';
import { oweDocument } from '../documents/owed-document.js';
import type { Ledger } from '../ledger.js';
import { undecided } from '../rules/application-open.js';
import { isSecondNotice, noticeTiming } from '../rules/one-time-notice.js';
import { notices } from '../store/application-tables.js';
import { type ApplicationRow, items } from '../store/tables.js';
import { contentFingerprint, requestKey, sameContent } from '../submission/request-key.js';
import type { GiveNoticeInput } from '../types/handling-inputs.js';
import { noticeIsComplete, noticeItems } from './notice-items.js';

/**
 * Tells an applicant, at once and completely, what is missing or wrong. While the applicant corrects it, no limit runs.
 * A notice that comes late, or a second time, is given all the same, since the applicant needs it, and stays on record as
 * late or as an anomaly.
 * @throws CataloguedError APPLICATION_NOT_FOUND, APPLICATION_DECIDED, BAD_USER_INPUT, MATERIAL_UNKNOWN, FORM_FIELD_UNKNOWN,
 * DUPLICATE_PAPER, NOTICE_INCOMPLETE, CONFLICT when the request id was used for another notice
 */
export async function giveNotice(ledger: Ledger, caller: Caller, input: GiveNoticeInput): Promise<ApplicationRow> {
  requireRole(caller, 'window');
  const { applicationId, complex } = input;
  const key = requestKey(caller, input.clientRequestId, 'notice');
  const fingerprint = contentFingerprint([applicationId, complex, input.items]);
  return changeApplication(ledger, applicationId, async (application, tx, append, at) => {
    const earlier = await tx.findOne(notices, { requestKey: key });
    if (earlier !== null) {
      sameContent(earlier.fingerprint, fingerprint);
      return application;
    }
    undecided(application);
    const guide = await tx.findOneOrFail(items, { departmentCode: application.departmentCode, code: application.itemCode });
    const told = noticeItems(input.items, guide);
    noticeIsComplete(told, application.defects ?? []);
    const ordinal = application.noticeCount + 1;
    const timing = noticeTiming(ledger.calendar, receivedAt(application), at, complex);
    const actor = subjectKey(caller.subject);
    tx.create(notices, {
      applicationId,
      ordinal,
      requestKey: key,
      fingerprint,
      complex,
      items: told,
      givenAt: at,
      givenBy: actor,
      ...timing,
      correctedAt: null,
      correctionKey: null,
      correctionFingerprint: null,
    });
    application.noticeCount = ordinal;
    application.state = 'NOTICE_GIVEN';
    application.deemedDueAt = null;
    await appendApplicationEvent(tx, append, application, {
      kind: 'APPLICATION_NOTICE_GIVEN',
      occurredAt: at,
      actor,
      noticeOrdinal: ordinal,
      complex,
      late: timing.late,
      secondNotice: isSecondNotice(ordinal),
    });
    oweDocument(tx, { kind: 'ONE_TIME_NOTICE', application, ordinal, at });
    return application;
  });
}
