import fc from 'fast-check';
import { expect, test } from 'vitest';
import { oversizeClassOf } from '../../../subgraphs/departments/transport/rules/class-of-oversize.js';

const measures = fc.record({
  height: fc.integer({ min: 200, max: 600 }).map((n) => n / 100),
  width: fc.integer({ min: 200, max: 500 }).map((n) => n / 100),
  length: fc.integer({ min: 5, max: 60 }),
  totalMass: fc.integer({ min: 10, max: 300 }),
});
type Measures = typeof measures extends fc.Arbitrary<infer T> ? T : never;
const classOf = (load: Partial<Measures>) => oversizeClassOf(new Map(Object.entries(load).map(([name, value]) => [name, String(value)])));

test('the limits themselves are within their class', () => {
  expect(classOf({ height: 4.2, width: 3, length: 20, totalMass: 49 })).toBe('I');
  expect(classOf({ height: 4.5, width: 3.75, length: 28, totalMass: 100 })).toBe('II');
  expect(classOf({ height: 4.51, width: 3, length: 20, totalMass: 49 })).toBe('III');
});

test('a larger load is never of a lower class, and one measure beyond a class is enough', () => {
  fc.assert(
    fc.property(measures, measures, (one, other) => {
      const larger = Object.fromEntries(Object.entries(one).map(([name, value]) => [name, Math.max(value, other[name as keyof Measures])]));
      expect(['I', 'II', 'III'].indexOf(classOf(larger) as string)).toBeGreaterThanOrEqual(
        ['I', 'II', 'III'].indexOf(classOf(one) as string),
      );
      expect(classOf({ ...one, width: 3.76 })).toBe('III');
    }),
  );
});

test('a load with a measure that is missing or can not be read is of the strictest class', () => {
  expect(classOf({ height: 3, width: 2, length: 10 })).toBe('III');
  expect(oversizeClassOf(new Map([['height', '四米']]))).toBe('III');
  expect(oversizeClassOf(new Map([['road', 'G107']]))).toBeUndefined();
});
