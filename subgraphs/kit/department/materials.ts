import type { FormField, RequiredMaterial } from './types/service-guide.js';

/** A material every application needs, one copy, on paper or electronically, unless said otherwise. */
export function material(code: string, name: string, details: Partial<Omit<RequiredMaterial, 'code' | 'name'>> = {}): RequiredMaterial {
  return { code, name, required: true, copies: 1, electronic: true, shared: false, modelTextUrl: null, ...details };
}

/** A material that the platform gets from a shared source, so that nobody is asked for it (Art. 19). */
export function sharedMaterial(code: string, name: string): RequiredMaterial {
  return material(code, name, { shared: true });
}

/** The market regulator shares every business licence. */
export const BUSINESS_LICENCE = sharedMaterial('business-licence', '营业执照');

/** An entry of the form that has to be filled in. */
export function field(name: string, label: string, hint: string | null = null): FormField {
  return { name, label, required: true, hint };
}

/** An entry of the form that may stay empty. */
export function optionalField(name: string, label: string, hint: string | null = null): FormField {
  return { name, label, required: false, hint };
}
