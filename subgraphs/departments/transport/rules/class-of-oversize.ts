import type { FormValues } from '../../../kit/department/definition.js';
import { TransportOversizeClass } from '../types.js';
import { numberIn } from './read-form.js';

interface Limits {
  height: number;
  width: number;
  length: number;
  /** Tonnes. */
  totalMass: number;
}

/** Metres and tonnes up to which a load is of the first and of the second class. [practice; demonstration values for the masses] */
const FIRST: Limits = { height: 4.2, width: 3, length: 20, totalMass: 49 };
const SECOND: Limits = { height: 4.5, width: 3.75, length: 28, totalMass: 100 };

/**
 * The class of an oversize load (超限运输车辆行驶公路管理规定, Art. 13): the third, the strictest, whenever a measure is
 * missing or can't be read. Undefined for an application that states no measure at all, such as one for a coach line.
 */
export function oversizeClassOf(form: FormValues): TransportOversizeClass | undefined {
  const names = ['height', 'width', 'length', 'totalMass'] as const;
  if (!names.some((name) => form.has(name))) return undefined;
  const within = (limits: Limits) =>
    names.every((name) => {
      const value = numberIn(form, name);
      return value !== null && value <= limits[name];
    });
  if (within(FIRST)) return TransportOversizeClass.I;
  return within(SECOND) ? TransportOversizeClass.II : TransportOversizeClass.III;
}
