import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { STORES } from '../../support/stores.js';
import { type DepartmentHarness, knownDepartment, startHarness } from './department-harness.js';
import { caseEvents, flowOf, MOVES, type MoveName, move, moved, readCase, received, reviewed } from './moves.js';

type At = { it: DepartmentHarness; number: string; steps: string[]; version: number };

const decide =
  (outcome: string) =>
  ({ it, number, version }: At) =>
    moved(it, 'decide', number, { outcome, reasons: '依据如下', reviewRuleVersion: version });
const reviews = ({ it, number }: At) => reviewed(it, DRUG_PRODUCTION, number);
const step =
  (name: 'startStep' | 'finishStep') =>
  ({ it, number, steps }: At) =>
    moved(it, name, number, { stepCode: steps[0], ...(name === 'finishStep' && { opinion: '符合' }) });
const certificate = ({ it, number }: At) => moved(it, 'issueCertificate', number, { electronic: true });
const delivery = ({ it, number }: At) => moved(it, 'deliverResult', number, { channel: 'ELECTRONIC' });
const procedure = ({ it, number }: At) => moved(it, 'startSpecialProcedure', number, { kind: 'HEARING', reason: '听证' });

/** Every state of a case, how it is reached, and the moves that may be made then; every other one is refused. */
const STATES: [string, ((at: At) => Promise<unknown>)[], MoveName[]][] = [
  ['received', [], ['startStep', 'startSpecialProcedure', 'extendLimit', 'decide']],
  ['at a step', [step('startStep')], ['finishStep', 'startSpecialProcedure', 'extendLimit', 'decide']],
  ['between steps', [step('startStep'), step('finishStep')], ['startStep', 'startSpecialProcedure', 'extendLimit', 'decide']],
  ['in a special procedure', [procedure], ['finishSpecialProcedure']],
  ['approved', [reviews, decide('APPROVED')], ['issueCertificate']],
  ['certified', [reviews, decide('APPROVED'), certificate], ['deliverResult']],
  ['refused', [reviews, decide('REFUSED')], ['deliverResult']],
  ['withdrawn', [decide('WITHDRAWN')], ['deliverResult']],
  ['terminated', [decide('TERMINATED')], ['deliverResult']],
  ['delivered', [reviews, decide('APPROVED'), certificate, delivery], []],
];

describe('every move in every state, over the network', () => {
  let it: DepartmentHarness;
  let flow: Awaited<ReturnType<typeof flowOf>>;
  beforeAll(async () => {
    it = await startHarness(knownDepartment('drug'));
    flow = await flowOf(it, DRUG_PRODUCTION);
  });
  afterAll(() => it[Symbol.asyncDispose]());

  const at = async (way: ((at: At) => Promise<unknown>)[]): Promise<At> => {
    const there = { it, number: await received(it, DRUG_PRODUCTION), steps: flow.reviews, version: flow.version };
    for (const make of way) await make(there);
    return there;
  };

  /** As it would be made where it may be made. */
  const args = (name: MoveName, finished: number): Record<string, unknown> =>
    ({
      startStep: { stepCode: flow.reviews[finished] },
      finishStep: { stepCode: flow.reviews[0], opinion: '符合' },
      startSpecialProcedure: { kind: 'EXPERT_REVIEW', reason: '评审', expectedDays: 5 },
      finishSpecialProcedure: { kind: 'HEARING' },
      extendLimit: { days: 5, reason: '案情复杂' },
      decide: { outcome: 'WITHDRAWN', reasons: '申请人撤回', reviewRuleVersion: flow.version },
      issueCertificate: { electronic: true },
      deliverResult: { channel: 'ELECTRONIC' },
    })[name];

  const ALL = STATES.flatMap(([state, way, legal]) =>
    (Object.keys(MOVES) as MoveName[]).map((name): [string, MoveName, boolean, typeof way] => [state, name, legal.includes(name), way]),
  );
  test.each(ALL)('%s: %s (%s)', async (_state, name, legal, way) => {
    const { number } = await at(way);
    const before = { case: await readCase(it, number), events: await caseEvents(it, number) };
    const answer = await move(it, name, number, args(name, way.length > 1 ? 1 : 0));
    const after = { case: await readCase(it, number), events: await caseEvents(it, number) };
    if (legal) {
      expect(answer.errors).toBeUndefined();
      expect(after.events).toHaveLength(before.events.length + 1);
      return;
    }
    expect(before.events.length).toBeGreaterThan(0);
    expect(answer.errors?.[0]?.extensions.code).toMatch(/^[A-Z_]+$/);
    expect(answer.errors?.[0]?.extensions.code).not.toMatch(/INTERNAL|GRAPHQL|BAD_USER_INPUT|FORBIDDEN/);
    expect(after).toEqual(before);
  });
});

describe.each(STORES)('a decision on $name', ({ skip, open }) => {
  test.skipIf(skip)('of two officers who decide otherwise at once, one decides and the other is told', async () => {
    await using files = await open();
    await using it = await startHarness(knownDepartment('drug'), files.url);
    for (let round = 0; round < 4; round++) {
      const number = await received(it, DRUG_PRODUCTION);
      const reviewRuleVersion = await reviewed(it, DRUG_PRODUCTION, number);
      const answers = await Promise.all(
        ['APPROVED', 'REFUSED'].map((outcome, n) =>
          move(it, 'decide', number, { outcome, reasons: '依据如下', reviewRuleVersion }, { subject: `officer:${n}` }),
        ),
      );
      const [winner, ...more] = answers.filter(({ errors }) => errors === undefined);
      expect(more).toEqual([]);
      const told = answers.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions.code));
      expect(told).toHaveLength(1);
      expect(['CONFLICT', 'CASE_ALREADY_DECIDED']).toContain(told[0]);
      expect((await readCase(it, number)).decision).toEqual(winner?.data['decide'].decision);
      expect((await caseEvents(it, number)).filter(({ kind }) => kind === 'DECIDED')).toHaveLength(1);
    }
  });
});
