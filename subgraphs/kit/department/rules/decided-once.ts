import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';

/** A decision stands: nothing before it is done again. @throws CataloguedError CASE_ALREADY_DECIDED */
export function notDecided({ decision }: CaseFile): void {
  if (decision === null) return;
  throw new CataloguedError('CASE_ALREADY_DECIDED', 'the case is decided; read its decision', { outcome: decision.outcome });
}
