import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller } from '../../../kit/identity/caller.js';
import { subjectKey } from '../access/subject-key.js';
import { uploads } from '../store/file-tables.js';
import type { HandedMaterial } from '../store/handed-in.js';

/** Where the content of an upload lies, in the ledger's own files: of two that are sent at once, neither replaces the other. */
export function uploadKey({ id, sha256 }: { id: string; sha256?: string | null | undefined }): string {
  return `uploads/${id}/${sha256}`;
}

/**
 * Gives each material that names an upload the hash of what was uploaded, and binds the upload to the application, so that
 * nobody else can hand in the same file. Only one's own uploads can be named, and only complete ones.
 * @throws CataloguedError UPLOAD_NOT_FOUND, UPLOAD_INCOMPLETE, BAD_USER_INPUT when a hash is given that is not the content's
 */
export async function withUploads(
  tx: SqlEntityManager,
  caller: Caller,
  materials: readonly HandedMaterial[],
  applicationId: string,
): Promise<HandedMaterial[]> {
  const owner = subjectKey(caller.subject);
  const complete: HandedMaterial[] = [];
  for (const [index, material] of materials.entries()) {
    if (material.uploadId == null) {
      complete.push(material);
      continue;
    }
    const field = `materials.${index}.uploadId`;
    const upload = await tx.findOne(uploads, { id: material.uploadId, owner }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (upload === null || (upload.applicationId != null && upload.applicationId !== applicationId))
      throw new CataloguedError('UPLOAD_NOT_FOUND', `${field} is no upload of yours that is still free`, { field });
    if (upload.state !== 'STORED')
      throw new CataloguedError('UPLOAD_INCOMPLETE', `${field}: the file has not arrived, or was turned down`, { field });
    const contentHash = `sha256:${upload.sha256}`;
    if (material.contentHash !== null && material.contentHash !== contentHash)
      throw new CataloguedError('BAD_USER_INPUT', `materials.${index}.contentHash is not the hash of the upload`, {
        field: `materials.${index}.contentHash`,
      });
    upload.applicationId = applicationId;
    complete.push({ ...material, contentHash, url: null });
  }
  return complete;
}
