import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, hasRole, requireRole } from '../../../kit/identity/caller.js';
import { isApplicantOf } from '../access/row-guard.js';
import { subjectKey } from '../access/subject-key.js';
import { appendApplicationEvent, receivedAt } from '../application/append-application-event.js';
import { applicationNotFound, changeApplication } from '../application/change-application.js';
import type { Ledger } from '../ledger.js';
import { withUploads } from '../materials/with-uploads.js';
import { undecided } from '../rules/application-open.js';
import { deemedDueAt } from '../rules/deemed-acceptance.js';
import { applicationVersions, notices } from '../store/application-tables.js';
import type { HandedMaterial, HandedValue } from '../store/handed-in.js';
import type { NoticeItem } from '../store/notice-item.js';
import { type ApplicationRow, items } from '../store/tables.js';
import { guideDefects, namedMaterials } from '../submission/guide-checks.js';
import { handedInContent } from '../submission/handed-in-application.js';
import { contentFingerprint, requestKey, sameContent } from '../submission/request-key.js';
import type { CorrectApplicationInput } from '../types/handling-inputs.js';

/**
 * The applicant mends what the notice told; the same application goes on, and what it was before stays on record. It is
 * received anew: from here on runs the time within which silence means acceptance.
 * @throws CataloguedError APPLICATION_NOT_FOUND, APPLICATION_DECIDED, APPLICATION_NOT_AWAITING_CORRECTION,
 * CORRECTION_INCOMPLETE with everything the notice told that is still open, and what handing in throws
 */
export async function correctApplication(ledger: Ledger, caller: Caller, input: CorrectApplicationInput): Promise<ApplicationRow> {
  requireRole(caller, 'applicant', 'window');
  const { applicationId } = input;
  const content = handedInContent(input.materials, input.form);
  const key = requestKey(caller, input.clientRequestId, 'correction');
  const fingerprint = contentFingerprint([applicationId, content]);
  return changeApplication(ledger, applicationId, async (application, tx, append, at) => {
    if (!hasRole(caller, 'window') && !isApplicantOf(caller, application)) throw applicationNotFound();
    const earlier = await tx.findOne(notices, { correctionKey: key });
    if (earlier !== null) {
      sameContent(earlier.correctionFingerprint, fingerprint);
      return application;
    }
    undecided(application);
    if (application.state !== 'NOTICE_GIVEN') {
      throw new CataloguedError('APPLICATION_NOT_AWAITING_CORRECTION', 'no notice of this application is open: nothing is to be corrected');
    }
    const guide = await tx.findOneOrFail(items, { departmentCode: application.departmentCode, code: application.itemCode });
    const notice = await tx.findOneOrFail(notices, { applicationId, ordinal: application.noticeCount });
    answersTheNotice(notice.items, content);
    const handed = await withUploads(tx, caller, namedMaterials(content, guide), applicationId);
    const actor = subjectKey(caller.subject);
    tx.create(applicationVersions, {
      applicationId,
      ordinal: application.contentVersion,
      handedInAt: receivedAt(application),
      handedInBy: application.submittedBy,
      materials: application.materials,
      form: application.form,
    });
    application.contentVersion++;
    application.materials = replaced<HandedMaterial>(application.materials, handed, ({ code }) => code);
    application.form = replaced<HandedValue>(application.form, content.form, ({ name }) => name);
    const defects = guideDefects(application, guide);
    application.defects = defects.length === 0 ? null : defects;
    application.receivedAt = at;
    application.deemedDueAt = deemedDueAt(ledger.calendar, at);
    application.state = 'SUBMITTED';
    Object.assign(notice, { correctedAt: at, correctionKey: key, correctionFingerprint: fingerprint });
    await appendApplicationEvent(tx, append, application, {
      kind: 'APPLICATION_CORRECTED',
      occurredAt: at,
      actor,
      noticeOrdinal: application.noticeCount,
    });
    return application;
  });
}

function answersTheNotice(told: readonly NoticeItem[], { materials, form }: ReturnType<typeof handedInContent>): void {
  const open = told.filter(({ materialCode, formField }) =>
    materialCode === null
      ? !form.some(({ name, value }) => name === formField && value !== '')
      : !materials.some(({ code }) => code === materialCode),
  );
  if (open.length === 0) return;
  throw new CataloguedError('CORRECTION_INCOMPLETE', `the notice also asks for ${open.map(({ label }) => label).join(', ')}`, {
    missing: open.map(({ materialCode, formField, label }) => ({ code: materialCode ?? formField, name: label })),
  });
}

/** What was there, with what is new in its place, and what was not there before at the end. */
function replaced<T>(before: readonly T[], now: readonly T[], keyOf: (value: T) => string): T[] {
  const fresh = new Map(now.map((value) => [keyOf(value), value]));
  const kept = before.map((value) => fresh.get(keyOf(value)) ?? value);
  const known = new Set(before.map(keyOf));
  return [...kept, ...now.filter((value) => !known.has(keyOf(value)))];
}
