import { CataloguedError } from '../../errors/catalogued-error.js';
import type { CaseFile } from '../case-file.js';

/**
 * A limit is extended once, by no more than the item allows (Administrative Licensing Law, Art. 42).
 * @throws CataloguedError ALREADY_EXTENDED, BAD_USER_INPUT
 */
export function limitMayBeExtended({ extension, item }: CaseFile, days: number): void {
  if (extension !== null) throw new CataloguedError('ALREADY_EXTENDED', `the limit was extended before, by ${extension.days} working days`);
  if (days >= 1 && days <= item.longestExtension) return;
  throw new CataloguedError('BAD_USER_INPUT', `days must be between 1 and ${item.longestExtension}, not ${days}`);
}
