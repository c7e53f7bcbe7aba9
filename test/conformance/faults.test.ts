import { describe, expect, test } from 'vitest';
import { CHECKS, expiredTokens, runConformance } from '../../schema/conformance/index.js';
import { generateInternalKeys } from '../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { FAULTS, type Fault, type FaultEffect } from './plain-department/faults.js';
import { startPlainDepartment } from './plain-department/plain-department.js';

const EFFECTS = Object.entries(FAULTS) as [Fault, FaultEffect][];
/** What stands in the way of every other check has tests of its own. */
const ELSEWHERE = new Set(['endpoint.answers']);

describe.concurrent('each fault is caught by the check meant for it', () => {
  test.for(EFFECTS)('%s', { timeout: 60_000 }, async ([fault, { caught, also = [] }]) => {
    const keys = await generateInternalKeys();
    await using department = await startPlainDepartment(keys, 'archives', fault);
    const { authorization } = await createInternalTokens(keys);
    const report = await runConformance({
      code: 'archives',
      url: department.url,
      authorization,
      expiredAuthorization: expiredTokens(keys),
      timeoutMs: 3_000,
    });
    const failed = report.results.filter(({ outcome }) => outcome === 'failed');
    const must = CHECKS.find(({ id }) => id === caught)?.level === 'MUST';
    expect(
      failed
        .filter(({ level, id }) => level === 'MUST' || id === caught)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual([caught, ...also].toSorted());
    expect(report.passed).toBe(!must);
    for (const { reason, remedy } of failed) expect([reason, remedy]).not.toContain(undefined);
  });
});

test('every check can fail', () => {
  const caught = new Set<string>(EFFECTS.map(([, effect]) => effect.caught));
  expect(CHECKS.map(({ id }) => id).filter((id) => !caught.has(id) && !ELSEWHERE.has(id))).toEqual([]);
});
