import { createHash } from 'node:crypto';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Caller } from '../../../kit/identity/caller.js';

/**
 * What a client's id for a request is kept under: of the caller, and of what is asked for, so that ids of others and of
 * other mutations never meet. @throws CataloguedError BAD_USER_INPUT
 */
export function requestKey(caller: Caller, clientRequestId: string, purpose?: string): string {
  if (!/^[\x21-\x7e]{1,64}$/.test(clientRequestId)) {
    throw new CataloguedError('BAD_USER_INPUT', 'clientRequestId must have 1 to 64 printable ASCII characters', {
      field: 'clientRequestId',
    });
  }
  return createHash('sha256')
    .update(JSON.stringify([caller.subject, clientRequestId, ...(purpose === undefined ? [] : [purpose])]))
    .digest('hex');
}

/** The same for the same content, however often it is sent. */
export function contentFingerprint(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

/** A repeated request must ask for the same. @throws CataloguedError CONFLICT */
export function sameContent(known: string | null | undefined, fingerprint: string): void {
  if (known === fingerprint) return;
  throw new CataloguedError('CONFLICT', 'clientRequestId was used before for something else; use a new one for this', {
    field: 'clientRequestId',
  });
}
