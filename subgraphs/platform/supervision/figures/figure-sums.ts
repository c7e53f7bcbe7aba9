import { type Contribution, MEASURES, type Measures, NOTHING } from './contribution.js';

/** Sums by day, department, item and channel: what a store keeps, or what a recount finds. */
export class FigureSums {
  readonly #sums = new Map<string, Contribution & { measures: Record<keyof Measures, number> }>();

  add(contributions: readonly Contribution[], sign: 1 | -1 = 1): this {
    for (const { day, departmentCode, itemCode, channel, measures } of contributions) {
      const key = JSON.stringify([day, departmentCode, itemCode, channel]);
      let sum = this.#sums.get(key);
      if (sum === undefined) {
        sum = { day, departmentCode, itemCode, channel, measures: { ...NOTHING } };
        this.#sums.set(key, sum);
      }
      for (const measure of MEASURES) sum.measures[measure] += sign * (measures[measure] ?? 0);
    }
    return this;
  }

  /** Those that are not nothing, in order of their keys. */
  get sums(): (Contribution & { measures: Measures })[] {
    return [...this.#sums]
      .filter(([, { measures }]) => MEASURES.some((measure) => measures[measure] !== 0))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, sum]) => sum);
  }
}
