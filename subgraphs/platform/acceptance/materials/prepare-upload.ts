import { randomUUID } from 'node:crypto';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, requireRole } from '../../../kit/identity/caller.js';
import { transaction } from '../../../kit/store/transaction.js';
import { subjectKey } from '../access/subject-key.js';
import type { Ledger } from '../ledger.js';
import { type UploadRow, uploads } from '../store/file-tables.js';
import { paragraph } from '../submission/handed-in-application.js';
import { requestKey } from '../submission/request-key.js';
import type { PrepareUploadInput } from '../types/upload.js';
import { ACCEPTED_MEDIA_TYPES, LARGEST_FILE } from './upload-limits.js';

/**
 * Makes room for one file and says where to send it. Nothing has been sent yet; what comes is held against what was said.
 * @throws CataloguedError BAD_USER_INPUT, PAYLOAD_TOO_LARGE, CONFLICT
 */
export async function prepareUpload({ store, clock }: Ledger, caller: Caller, input: PrepareUploadInput): Promise<UploadRow> {
  requireRole(caller, 'applicant', 'window');
  const fileName = paragraph('fileName', input.fileName, 200);
  const { mediaType, size } = input;
  const announcedSha256 = input.sha256?.toLowerCase() ?? null;
  if (!(mediaType in ACCEPTED_MEDIA_TYPES))
    throw new CataloguedError('BAD_USER_INPUT', `mediaType must be one of ${Object.keys(ACCEPTED_MEDIA_TYPES).join(', ')}`, {
      field: 'mediaType',
    });
  if (size < 1) throw new CataloguedError('BAD_USER_INPUT', 'size is the number of bytes of the file', { field: 'size' });
  if (size > LARGEST_FILE)
    throw new CataloguedError('PAYLOAD_TOO_LARGE', `a file has at most ${LARGEST_FILE} bytes`, { field: 'size', limit: LARGEST_FILE });
  if (announcedSha256 !== null && !/^[0-9a-f]{64}$/.test(announcedSha256))
    throw new CataloguedError('BAD_USER_INPUT', 'sha256 must be 64 hexadecimal digits', { field: 'sha256' });
  const key = input.clientRequestId == null ? null : requestKey(caller, input.clientRequestId, 'upload');
  const row = {
    id: randomUUID(),
    owner: subjectKey(caller.subject),
    requestKey: key,
    applicationId: null,
    fileName,
    mediaType,
    size,
    announcedSha256,
    state: 'EXPECTED' as const,
    sha256: null,
    sm3: null,
    scanned: false,
    createdAt: clock(),
    storedAt: null,
  };
  const earlier = async (): Promise<UploadRow | null> => {
    const known = key === null ? null : await store.fork().findOne(uploads, { requestKey: key });
    const isSame =
      known?.fileName === fileName &&
      known.mediaType === mediaType &&
      known.size === size &&
      (known.announcedSha256 ?? null) === announcedSha256;
    if (known !== null && !isSame)
      throw new CataloguedError('CONFLICT', 'clientRequestId was used before for another file; use a new one for this', {
        field: 'clientRequestId',
      });
    return known;
  };
  const known = await earlier();
  if (known !== null) return known;
  try {
    return await transaction(store.fork(), async (tx) => tx.create(uploads, row));
  } catch (error) {
    const first = error instanceof UniqueConstraintViolationException ? await earlier() : null;
    if (first === null) throw error;
    return first;
  }
}
