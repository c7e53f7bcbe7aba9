import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CaseFile } from '../../../../subgraphs/kit/department/case-file.js';
import { complianceReview, ending, siteInspection, technicalReview } from '../../../../subgraphs/kit/department/flow-steps.js';
import { nextReview, stepMayFinish, stepMayStart } from '../../../../subgraphs/kit/department/rules/step-order.js';

const AT = new Date(0);

/** A flow of up to six reviews, some of which may be passed over, and its ending. */
const flows = fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }).map((required) => [
  ...required.map((needed, n) =>
    [complianceReview, technicalReview, siteInspection][n % 3]!(`环节${n}`, 1, {
      code: `s${n}`,
      ...(needed ? {} : { requiredWhen: () => false }),
    }),
  ),
  ...ending(1),
]);

type Attempt = { finish: boolean; code: string };
const attempts = fc.array(
  fc.record({
    finish: fc.boolean(),
    code: fc.constantFrom('s0', 's1', 's2', 's3', 's4', 's5', 'decision', 'certificate', 'delivery', 'x'),
  }),
  { maxLength: 60 },
);

/** Tries each attempt and keeps what the rules allow. */
function run(approvalFlow: CaseFile['item']['approvalFlow'], tried: Attempt[]): CaseFile {
  const steps: { code: string; startedAt: Date; finishedAt: Date | null }[] = [];
  const file: CaseFile = {
    number: 'n',
    item: { approvalFlow, reviewRuleVersion: 1, longestExtension: 10 },
    form: new Map(),
    steps,
    procedures: [],
    extension: null,
    decision: null,
    certificate: null,
    delivery: null,
  };
  for (const { finish, code } of tried) {
    try {
      if (finish) {
        stepMayFinish(file, code);
        for (const step of steps) if (step.code === code) step.finishedAt = AT;
      } else {
        stepMayStart(file, code);
        steps.push({ code, startedAt: AT, finishedAt: null });
      }
    } catch {
      // refused: nothing changed
    }
    // at any moment at most one step runs
    expect(steps.filter(({ finishedAt }) => finishedAt === null).length).toBeLessThanOrEqual(1);
  }
  return file;
}

test('whatever officers try, steps are done in the order of the flow, once, and one at a time', () => {
  fc.assert(
    fc.property(flows, attempts, (flow, tried) => {
      const { steps } = run(flow, tried);
      const places = steps.map(({ code }) => flow.findIndex((step) => step.code === code));
      expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
      expect(steps.some(({ code }) => ['decision', 'certificate', 'delivery', 'x'].includes(code))).toBe(false);
      // nothing that is required was passed over
      const last = places.at(-1) ?? 0;
      for (const [place, step] of flow.slice(0, last).entries()) if (step.requiredWhen === undefined) expect(places).toContain(place);
    }),
  );
});

test('who always does what comes next ends with every required review done', () => {
  fc.assert(
    fc.property(flows, attempts, (flow, tried) => {
      const file = run(flow, tried);
      const steps = file.steps as { code: string; startedAt: Date; finishedAt: Date | null }[];
      for (let next = nextReview(file); next !== undefined; next = nextReview(file)) {
        const running = steps.find(({ code }) => code === next?.code);
        if (running === undefined) {
          stepMayStart(file, next.code);
          steps.push({ code: next.code, startedAt: AT, finishedAt: null });
        } else {
          stepMayFinish(file, next.code);
          running.finishedAt = AT;
        }
      }
      const required = flow.filter((step) => step.code.startsWith('s') && step.requiredWhen === undefined);
      for (const { code } of required) expect(steps.find((step) => step.code === code)?.finishedAt).toBe(AT);
    }),
  );
});
