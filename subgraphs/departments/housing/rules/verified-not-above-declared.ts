import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { KeyPersonnelRow } from '../store.js';

/**
 * An officer confirms people that the applicant declared: never more, and only for a post that was declared.
 * @throws CataloguedError NOT_FOUND, BAD_USER_INPUT
 */
export function verifiable(row: KeyPersonnelRow | null, verified: number): asserts row is KeyPersonnelRow {
  if (row === null) throw new CataloguedError('NOT_FOUND', 'the application declares nobody for that post');
  if (verified >= 0 && verified <= row.declared) return;
  throw new CataloguedError('BAD_USER_INPUT', `verified must be between 0 and ${row.declared}, the number declared`);
}
