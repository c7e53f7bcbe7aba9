import type { SupervisedCaseRow } from '../store/tables.js';
import type { FigureKey } from './contribution.js';

/** Under what a case is counted. */
export function figureKeyOf({
  departmentCode,
  itemCode,
  channel,
}: Pick<SupervisedCaseRow, 'departmentCode' | 'itemCode' | 'channel'>): FigureKey {
  return { departmentCode, itemCode: itemCode ?? '', channel: channel ?? '' };
}
