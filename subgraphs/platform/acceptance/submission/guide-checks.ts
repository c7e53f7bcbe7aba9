import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { AskedField, AskedMaterial, Defect, HandedMaterial } from '../store/handed-in.js';
import type { HandedInApplication } from './handed-in-application.js';

type HandedInContent = Pick<HandedInApplication, 'materials' | 'form'>;

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
export function checkAgainstGuide(application: HandedInContent, guide: Guide): HandedMaterial[] {
  const materials = namedMaterials(application, guide);
  const missing = guideDefects(application, guide);
  const lacking = missing.filter(({ materialCode }) => materialCode !== null);
  if (lacking.length > 0) {
    throw new CataloguedError('MATERIAL_MISSING', `materials lacks ${lacking.map(({ label }) => label).join(', ')}`, {
      field: 'materials',
      missing: lacking.map(({ materialCode, label }) => ({ code: materialCode, name: label })),
    });
  }
  if (missing.length > 0) {
    throw new CataloguedError('FORM_FIELD_MISSING', `form lacks ${missing.map(({ label }) => label).join(', ')}`, {
      field: 'form',
      missing: missing.map(({ formField, label }) => ({ name: formField, label })),
    });
  }
  return materials;
}

/** Everything that the guide asks of an applicant and that was not handed in. */
export function guideDefects({ materials, form }: HandedInContent, guide: Guide): Defect[] {
  const handed = new Set(materials.map(({ code }) => code));
  const filled = new Set(form.filter(({ value }) => value !== '').map(({ name }) => name));
  return [
    ...guide.materials
      .filter(({ code, required, shared }) => required && !shared && !handed.has(code))
      .map(({ code, name }) => ({ materialCode: code, formField: null, label: name })),
    ...guide.formFields
      .filter(({ name, required }) => required && !filled.has(name))
      .map(({ name, label }) => ({ materialCode: null, formField: name, label })),
  ];
}

/** The materials with the names that the guide gives them. @throws CataloguedError MATERIAL_UNKNOWN, FORM_FIELD_UNKNOWN */
export function namedMaterials(application: HandedInContent, guide: Guide): HandedMaterial[] {
  const asked = new Map(guide.materials.map((material) => [material.code, material]));
  const unknown = application.materials.findIndex(({ code }) => !asked.has(code));
  if (unknown >= 0)
    throw new CataloguedError('MATERIAL_UNKNOWN', `materials.${unknown}.code is not in the guide`, { field: `materials.${unknown}.code` });
  onTheForm(application.form, guide.formFields);
  return application.materials.map((material) => ({ ...material, name: asked.get(material.code)?.name ?? material.code }));
}

function onTheForm(form: HandedInContent['form'], fields: readonly AskedField[]): void {
  const asked = new Set(fields.map(({ name }) => name));
  const unknown = form.findIndex(({ name }) => !asked.has(name));
  if (unknown >= 0)
    throw new CataloguedError('FORM_FIELD_UNKNOWN', `form.${unknown}.name is not on the form`, { field: `form.${unknown}.name` });
}
