import { expect, test } from 'vitest';
import { runConformance } from '../../schema/conformance/index.js';
import { plainTarget } from './target.js';

test('a department without the kit keeps the contract', { timeout: 60_000 }, async () => {
  await using target = await plainTarget();
  const report = await runConformance({ ...target.options, timeoutMs: 15_000 });
  expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
  expect(report.passed).toBe(true);
});

test('and still does when the suite comes again', { timeout: 60_000 }, async () => {
  await using target = await plainTarget();
  for (const seed of [1, 2]) {
    const report = await runConformance({ ...target.options, timeoutMs: 15_000, seed });
    expect(report.results.filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
    expect(report.seed).toBe(seed);
  }
});
