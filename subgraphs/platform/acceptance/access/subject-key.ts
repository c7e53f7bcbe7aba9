import { createHash } from 'node:crypto';

/**
 * A subject as the ledger keeps it. Databases differ in which texts they hold equal (case, accents, trailing blanks);
 * people's records must not depend on it, and a digest is equal only to itself.
 */
export function subjectKey(subject: string): string {
  return createHash('sha256').update(subject).digest('hex');
}
