import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { AskedMaterial } from '../store/handed-in.js';

/**
 * 不得重复收取纸质材料 (Art. 19): what the platform can get from a shared source is not asked for at all, and what may be
 * handed in electronically is not asked for on paper.
 * @throws CataloguedError DUPLICATE_PAPER
 */
export function noDuplicatePaper(material: AskedMaterial, onPaper: boolean, field: string): void {
  if (material.shared) {
    throw new CataloguedError('DUPLICATE_PAPER', `${field} asks the applicant for a material that the platform gets itself (Art. 19)`, {
      field,
      materialCode: material.code,
      shared: true,
    });
  }
  if (!onPaper || !material.electronic) return;
  throw new CataloguedError('DUPLICATE_PAPER', `${field} asks on paper for a material that may be handed in electronically (Art. 19)`, {
    field,
    materialCode: material.code,
    shared: false,
  });
}
