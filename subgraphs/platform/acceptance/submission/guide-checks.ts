import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { AskedField, AskedMaterial, HandedMaterial } from '../store/handed-in.js';
import type { HandedInApplication } from './handed-in-application.js';

/** What the guide of an item asks for. */
export interface Guide {
  materials: readonly AskedMaterial[];
  formFields: readonly AskedField[];
}

/**
 * Compares an application with the guide, and tells everything that is missing at once (Art. 17). What the platform can
 * get from a shared source is never asked of the applicant (Art. 19).
 * @returns the materials with the names the guide gives them
 * @throws CataloguedError MATERIAL_UNKNOWN, MATERIAL_MISSING, FORM_FIELD_UNKNOWN, FORM_FIELD_MISSING
 */
export function checkAgainstGuide(application: HandedInApplication, guide: Guide): HandedMaterial[] {
  const asked = new Map(guide.materials.map((material) => [material.code, material]));
  const unknown = application.materials.findIndex(({ code }) => !asked.has(code));
  if (unknown >= 0)
    throw new CataloguedError('MATERIAL_UNKNOWN', `materials.${unknown}.code is not in the guide`, { field: `materials.${unknown}.code` });
  const handed = new Set(application.materials.map(({ code }) => code));
  const missing = guide.materials.filter(({ code, required, shared }) => required && !shared && !handed.has(code));
  if (missing.length > 0) {
    throw new CataloguedError('MATERIAL_MISSING', `materials lacks ${missing.map(({ name }) => name).join(', ')}`, {
      field: 'materials',
      missing: missing.map(({ code, name }) => ({ code, name })),
    });
  }
  checkForm(application.form, guide.formFields);
  return application.materials.map((material) => ({ ...material, name: asked.get(material.code)?.name ?? material.code }));
}

function checkForm(form: HandedInApplication['form'], fields: readonly AskedField[]): void {
  const asked = new Set(fields.map(({ name }) => name));
  const unknown = form.findIndex(({ name }) => !asked.has(name));
  if (unknown >= 0)
    throw new CataloguedError('FORM_FIELD_UNKNOWN', `form.${unknown}.name is not on the form`, { field: `form.${unknown}.name` });
  const filled = new Set(form.filter(({ value }) => value !== '').map(({ name }) => name));
  const missing = fields.filter(({ name, required }) => required && !filled.has(name));
  if (missing.length > 0) {
    throw new CataloguedError('FORM_FIELD_MISSING', `form lacks ${missing.map(({ label }) => label).join(', ')}`, {
      field: 'form',
      missing: missing.map(({ name, label }) => ({ name, label })),
    });
  }
}
