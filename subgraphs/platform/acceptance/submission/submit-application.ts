import { randomUUID } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { shanghaiDay } from '../../../kit/calendar/working-calendar.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, hasRole, requireRole } from '../../../kit/identity/caller.js';
import { subjectKey } from '../access/subject-key.js';
import { appendApplicationEvent } from '../application/append-application-event.js';
import type { Ledger } from '../ledger.js';
import { withUploads } from '../materials/with-uploads.js';
import { deemedDueAt } from '../rules/deemed-acceptance.js';
import { type ApplicationRow, applications, departments, type ItemRow, items } from '../store/tables.js';
import type { SubmitApplicationInput } from '../types/inputs.js';
import { checkAgainstGuide, guideDefects, namedMaterials } from './guide-checks.js';
import { type HandedInApplication, handedInApplication } from './handed-in-application.js';
import { contentFingerprint, requestKey, sameContent } from './request-key.js';
import { withSharedMaterials } from './shared-source.js';

/**
 * Takes an application in. Nothing is kept of one that is at fault anywhere.
 * @throws CataloguedError whose `field` names what is at fault; CONFLICT when the request id was used for other content
 */
export async function submitApplication(ledger: Ledger, caller: Caller, input: SubmitApplicationInput): Promise<ApplicationRow> {
  requireRole(caller, 'applicant', 'window');
  const submittedAt = ledger.clock();
  if (input.channel !== 'ONLINE' && !hasRole(caller, 'window')) {
    throw new CataloguedError('FORBIDDEN', `channel ${input.channel} needs the role window; an applicant's own is ONLINE`, {
      field: 'channel',
    });
  }
  if (input.asReceived === true && input.channel === 'ONLINE') {
    throw new CataloguedError('BAD_USER_INPUT', 'asReceived is for what comes over the counter or by post', { field: 'asReceived' });
  }
  const application = handedInApplication(input, shanghaiDay(submittedAt));
  const key = input.clientRequestId == null ? null : requestKey(caller, input.clientRequestId);
  const request = { key, fingerprint: contentFingerprint(application) };
  // before the guide is asked: it may have changed since the first time, and the answer must not
  const earlier = await earlierApplication(ledger, request);
  if (earlier !== undefined) return earlier;

  const item = await itemOf(ledger, application);
  const defects = input.asReceived === true ? guideDefects(application, item) : [];
  const named = input.asReceived === true ? namedMaterials(application, item) : checkAgainstGuide(application, item);
  const materials = await withSharedMaterials(named, item.materials, ledger.sharedSource, {
    departmentCode: item.departmentCode,
    itemCode: item.code,
    applicantIdNumber: application.applicant.idNumber,
  });
  const row = {
    id: randomUUID(),
    departmentCode: item.departmentCode,
    itemCode: item.code,
    channel: application.channel,
    form: application.form,
    applicantSubject: application.channel === 'ONLINE' && hasRole(caller, 'applicant') ? subjectKey(caller.subject) : null,
    applicantKind: application.applicant.kind,
    applicantName: application.applicant.name,
    applicantIdNumber: application.applicant.idNumber,
    applicantPhone: application.applicant.phone,
    state: 'SUBMITTED' as const,
    submittedAt,
    submittedBy: subjectKey(caller.subject),
    requestKey: request.key,
    fingerprint: request.fingerprint,
    guideVersion: item.guideVersion,
    caseNumber: null,
    receivedAt: submittedAt,
    deemedDueAt: deemedDueAt(ledger.calendar, submittedAt),
    defects: defects.length === 0 ? null : defects,
    contentVersion: 1,
    noticeCount: 0,
    eventCount: 0,
  };
  try {
    return await ledger.feed.transaction(ledger.store.fork(), async (tx, append) => {
      const created = tx.create(applications, { ...row, materials: await withUploads(tx, caller, materials, row.id) });
      await appendApplicationEvent(tx, append, created, {
        kind: 'APPLICATION_SUBMITTED',
        occurredAt: submittedAt,
        actor: row.submittedBy,
      });
      return created;
    });
  } catch (error) {
    // the same request came in twice at once, and the other one was first
    const first = error instanceof UniqueConstraintViolationException ? await earlierApplication(ledger, request) : undefined;
    if (first === undefined) throw error;
    return first;
  }
}

async function earlierApplication(
  { store }: Ledger,
  request: { key: string | null; fingerprint: string },
): Promise<ApplicationRow | undefined> {
  if (request.key === null) return undefined;
  const earlier = await store.fork().findOne(applications, { requestKey: request.key });
  if (earlier === null) return undefined;
  sameContent(earlier.fingerprint, request.fingerprint);
  return earlier;
}

async function itemOf({ store }: Ledger, { departmentCode, itemCode }: HandedInApplication): Promise<ItemRow> {
  const em = store.fork();
  const department = await em.findOne(departments, departmentCode);
  // a database may hold two texts equal that differ in case; a code is only itself
  if (department?.code !== departmentCode)
    throw new CataloguedError('UNKNOWN_DEPARTMENT', 'departmentCode is no department', { field: 'departmentCode' });
  const item = await em.findOne(items, { departmentCode, code: itemCode });
  if (item?.code !== itemCode) throw new CataloguedError('UNKNOWN_ITEM', 'itemCode is no item of that department', { field: 'itemCode' });
  if (item.retired) throw new CataloguedError('ITEM_RETIRED', 'itemCode is an item that is no longer offered', { field: 'itemCode' });
  return item;
}
