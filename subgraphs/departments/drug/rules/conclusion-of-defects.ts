import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { DrugInspectionConclusion } from '../types.js';

/** With this many major defects or more the site fails as it does with a critical one. [practice; demonstration value] */
const TOO_MANY_MAJOR = 5;

export interface Findings {
  inspectors: number;
  criticalDefects: number;
  majorDefects: number;
  minorDefects: number;
}

/**
 * What the defects found add up to: none, or minor ones only, pass; major ones are rectified first; a critical one fails.
 * @throws CataloguedError BAD_USER_INPUT for a visit of fewer than two inspectors, or a negative count.
 */
export function conclusionOf({ inspectors, criticalDefects, majorDefects, minorDefects }: Findings): DrugInspectionConclusion {
  if (inspectors < 2) throw new CataloguedError('BAD_USER_INPUT', 'inspectors must be two or more');
  if (Math.min(criticalDefects, majorDefects, minorDefects) < 0) throw new CataloguedError('BAD_USER_INPUT', 'defects are counted from 0');
  if (criticalDefects > 0 || majorDefects >= TOO_MANY_MAJOR) return DrugInspectionConclusion.FAILED;
  return majorDefects > 0 ? DrugInspectionConclusion.RECTIFICATION : DrugInspectionConclusion.PASSED;
}
