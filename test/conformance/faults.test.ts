import { describe, expect, test } from 'vitest';
import { CHECKS, runConformance } from '../../schema/conformance/index.js';
import { FAULTS, type Fault, type FaultEffect } from './plain-department/faults.js';
import { plainTarget } from './target.js';

const EFFECTS = Object.entries(FAULTS) as [Fault, FaultEffect][];
/** What stands in the way of every other check has tests of its own. */
const ELSEWHERE = new Set(['endpoint.answers']);

describe.concurrent('each fault is caught by the check meant for it', () => {
  test.for(EFFECTS)('%s', { timeout: 120_000 }, async ([fault, { caught, also = [] }]) => {
    await using target = await plainTarget(fault);
    const report = await runConformance({ ...target.options, timeoutMs: 4_000 });
    const failed = report.results.filter(({ outcome }) => outcome === 'failed');
    const told = failed.filter(({ level, id }) => level === 'MUST' || id === caught).map(({ id }) => id);
    expect(told.toSorted()).toEqual([caught, ...also].toSorted());
    expect(report.passed).toBe(CHECKS.find(({ id }) => id === caught)?.level === 'SHOULD');
    for (const { reason, remedy } of failed) expect([reason, remedy]).not.toContain(undefined);
  });
});

test('every check can fail', () => {
  const caught = new Set<string>(EFFECTS.map(([, effect]) => effect.caught));
  expect(CHECKS.map(({ id }) => id).filter((id) => !caught.has(id) && !ELSEWHERE.has(id))).toEqual([]);
});
