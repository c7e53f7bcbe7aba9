import { describe, expect, test } from 'vitest';
import { drug } from '../../../subgraphs/departments/drug/index.js';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { caseLoaders } from '../../../subgraphs/kit/department/case-loaders.js';
import type { DepartmentContext } from '../../../subgraphs/kit/department/department-context.js';
import { moveCase } from '../../../subgraphs/kit/department/moves/move-case.js';
import { finishStep, startStep } from '../../../subgraphs/kit/department/moves/steps.js';
import { STORES } from '../../support/stores.js';
import { type DepartmentHarness, knownDepartment, startHarness } from './department-harness.js';
import { caseEvents, move, received } from './moves.js';

/** What the resolvers of one officer's request have. */
function requestOf({ running: { store, feed }, env }: DepartmentHarness, subject: string): DepartmentContext<any> {
  const em = store.fork();
  const items = new Map(drug.items.map((item) => [item.code, item]));
  const caller = { subject, roles: ['department:drug'], requestId: subject };
  return { caller, department: drug, items, em, loaders: caseLoaders(em), own: undefined, feed, clock: env.clock };
}

describe.each(STORES)('two officers at once on $name', ({ skip, open }) => {
  test.skipIf(skip)('who moves a case that moved since he read it is told CONFLICT and changes nothing', async () => {
    await using files = await open();
    await using it = await startHarness(knownDepartment('drug'), files.url);
    const caseNumber = await received(it, DRUG_PRODUCTION);
    const of = { departmentCode: 'drug', caseNumber };
    const [first, second] = [requestOf(it, 'officer:1'), requestOf(it, 'officer:2')];
    await Promise.all([first.loaders.cases.load(caseNumber), second.loaders.cases.load(caseNumber)]);
    await moveCase(first, of, 'startStep', startStep('compliance-review'));
    await expect(moveCase(second, of, 'startStep', startStep('compliance-review'))).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await caseEvents(it, caseNumber)).toHaveLength(2);
    // having read it again, the second goes on
    await moveCase(second, of, 'finishStep', finishStep('compliance-review', '符合'));
    const told = await caseEvents(it, caseNumber);
    expect(told.map(({ kind, step }) => [kind, step?.handler])).toEqual([
      ['RECEIVED', undefined],
      ['STEP_STARTED', 'officer:1'],
      ['STEP_FINISHED', 'officer:2'],
    ]);
  });

  test.skipIf(skip)('of 12 who start the same step over the network, one does', async () => {
    await using files = await open();
    await using it = await startHarness(knownDepartment('drug'), files.url);
    const number = await received(it, DRUG_PRODUCTION);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => move(it, 'startStep', number, { stepCode: 'compliance-review' }, { subject: `officer:${n}` })),
    );
    const winners = answers.filter(({ errors }) => errors === undefined);
    expect(winners).toHaveLength(1);
    const codes = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
    // who read the case before the winner's commit is told CONFLICT, who read it after, that the step has begun
    for (const code of codes) expect(['CONFLICT', 'STEP_ALREADY_STARTED']).toContain(code);
    const told = await caseEvents(it, number);
    expect(told.map(({ kind }) => kind)).toEqual(['RECEIVED', 'STEP_STARTED']);
    expect(told[1].step.handler).toBe(winners[0]?.data.startStep.steps[0].handler);
  });
});
