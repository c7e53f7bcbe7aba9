import type { FormValues } from '../../../kit/department/definition.js';

/** A number an applicant wrote, with or without its unit: `1,280 公里`. Null when it is none. */
export function numberIn(form: FormValues, name: string): number | null {
  const match = /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*[^\d.]*$/.exec((form.get(name) ?? '').replaceAll(/(?<=\d),(?=\d{3}\b)/g, ''));
  return match === null ? null : Number(match[1]);
}

/** The entries of a list an applicant wrote with any of the usual separators. */
export function listIn(form: FormValues, name: string): string[] {
  return (form.get(name) ?? '')
    .split(/[,\uFF0C\u3001;\uFF1B\s]+/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** Kilograms per axle, from the front, as the form lists them; what is no number between 1 and 99,999 is left out. */
export function axleLoadsIn(form: FormValues): number[] {
  return listIn(form, 'axleLoads')
    .map(Number)
    .filter((load) => Number.isInteger(load) && load >= 1 && load <= 99_999)
    .slice(0, 99);
}
