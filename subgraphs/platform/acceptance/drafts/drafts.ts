import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { transaction } from '../../../kit/store/transaction.js';
import { subjectKey } from '../access/subject-key.js';
import type { Ledger } from '../ledger.js';
import { type DraftRow, drafts } from '../store/application-tables.js';
import type { ApplicationRow } from '../store/tables.js';
import { applications } from '../store/tables.js';
import { requestKey } from '../submission/request-key.js';
import { submitApplication } from '../submission/submit-application.js';
import type { SaveDraftInput } from '../types/handling-inputs.js';
import type { SubmitApplicationInput } from '../types/inputs.js';

/** Bytes of a draft as JSON: all that handing in takes, and some more. */
const LARGEST = 1024 * 1024;
/** How many drafts one person may keep. */
const MOST = 100;

/**
 * Keeps what somebody has filled in so far. Nothing in it is checked but its size: that is for handing in.
 * @throws CataloguedError DRAFT_NOT_FOUND, CONFLICT when it was saved elsewhere meanwhile, PAYLOAD_TOO_LARGE, TOO_MANY_DRAFTS
 */
export async function saveDraft(ledger: Ledger, caller: Caller, input: SaveDraftInput): Promise<DraftRow> {
  requireRole(caller, 'applicant', 'window');
  const owner = subjectKey(caller.subject);
  const content = JSON.parse(JSON.stringify(input.content)) as Record<string, unknown>;
  if (Buffer.byteLength(JSON.stringify(content)) > LARGEST)
    throw new CataloguedError('PAYLOAD_TOO_LARGE', `a draft has at most ${LARGEST} bytes`, { limit: LARGEST });
  const { departmentCode, itemCode } = input.content;
  const change = { departmentCode: departmentCode.slice(0, 32), itemCode: itemCode.slice(0, 64), content, savedAt: ledger.clock() };
  if (input.id != null) return changeDraft(ledger, owner, input.id, input.revision ?? undefined, change);
  const key = input.clientRequestId == null ? null : requestKey(caller, input.clientRequestId, 'draft');
  const known = key === null ? null : await ledger.store.fork().findOne(drafts, { requestKey: key });
  if (known !== null) return repeated(known, content);
  if ((await ledger.store.fork().count(drafts, { owner })) >= MOST)
    throw new CataloguedError('TOO_MANY_DRAFTS', `${MOST} drafts are kept already; hand one in or throw one away`, { limit: MOST });
  try {
    return await transaction(ledger.store.fork(), async (tx) =>
      tx.create(drafts, { id: randomUUID(), owner, requestKey: key, revision: 1, ...change }),
    );
  } catch (error) {
    const first =
      error instanceof UniqueConstraintViolationException && key !== null
        ? await ledger.store.fork().findOne(drafts, { requestKey: key })
        : null;
    if (first === null) throw error;
    return repeated(first, content);
  }
}

/** One that was changed since may differ: the repeat is of its first saving. */
function repeated(known: DraftRow, content: Record<string, unknown>): DraftRow {
  if (known.revision > 1 || isDeepStrictEqual(known.content, content)) return known;
  throw new CataloguedError('CONFLICT', 'clientRequestId was used before for another draft; use a new one for this', {
    field: 'clientRequestId',
  });
}

async function changeDraft(
  { store }: Ledger,
  owner: string,
  id: string,
  revision: number | undefined,
  change: Pick<DraftRow, 'departmentCode' | 'itemCode' | 'content' | 'savedAt'>,
): Promise<DraftRow> {
  return transaction(store.fork(), async (tx) => {
    const draft = await tx.findOne(drafts, { id, owner }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (draft === null) throw notFound();
    if (revision !== undefined && revision !== draft.revision)
      throw new CataloguedError('CONFLICT', `the draft is at revision ${draft.revision} by now; read it again`, {
        revision: draft.revision,
      });
    return Object.assign(draft, change, { revision: draft.revision + 1 });
  });
}

/**
 * Hands a draft in, and then it is gone. A repeat finds the application that the first one made.
 * @throws CataloguedError DRAFT_NOT_FOUND, and what handing in throws; the draft stays then
 */
export async function submitDraft(ledger: Ledger, caller: Caller, id: string): Promise<ApplicationRow> {
  requireRole(caller, 'applicant', 'window');
  const clientRequestId = `draft:${id.slice(0, 36)}`;
  const draft = await ledger.store.fork().findOne(drafts, { id, owner: subjectKey(caller.subject) });
  if (draft === null) {
    const handedIn = /^[\x21-\x7e]+$/.test(id)
      ? await ledger.store.fork().findOne(applications, { requestKey: requestKey(caller, clientRequestId) })
      : null;
    if (handedIn === null) throw notFound();
    return handedIn;
  }
  const content = draft.content as unknown as SubmitApplicationInput;
  const application = await submitApplication(ledger, caller, Object.assign(content, { clientRequestId }));
  await ledger.store.fork().nativeDelete(drafts, { id, revision: draft.revision });
  return application;
}

/** Throws a draft away; one that is gone is gone. @returns whether there was one */
export async function discardDraft({ store }: Ledger, caller: Caller, id: string): Promise<boolean> {
  requireRole(caller, 'applicant', 'window');
  return (await store.fork().nativeDelete(drafts, { id, owner: subjectKey(caller.subject) })) > 0;
}

/** The caller's own drafts, latest first. */
export async function ownDrafts({ store }: Ledger, caller: Caller): Promise<DraftRow[]> {
  requireRole(caller, 'applicant', 'window');
  return store
    .fork()
    .find(
      drafts,
      { owner: subjectKey(caller.subject) },
      { orderBy: { savedAt: 'desc', id: 'desc' }, limit: MOST, disableIdentityMap: true },
    );
}

function notFound(): CataloguedError {
  return new CataloguedError('DRAFT_NOT_FOUND', 'id is no draft of yours', { field: 'id' });
}
