import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { SAFETY_STAFF_EXAMINATION } from '../../../subgraphs/departments/housing/items/personal-registration.js';
import { type DepartmentHarness, knownDepartment, startHarness } from './department-harness.js';
import { events, type MoveName, move, moved, readCase, received, reviewed } from './moves.js';

/** What was done before the illegal move, by name. */
const BEFORE: Record<string, (it: DepartmentHarness, number: string) => Promise<unknown>> = {
  'a case just received': async () => {},
  'a step begun': (it, number) => moved(it, 'startStep', number, { stepCode: 'compliance-review' }),
  'a step finished': async (it, number) => {
    await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
    await moved(it, 'finishStep', number, { stepCode: 'compliance-review', opinion: '符合' });
  },
  'a special procedure running': async (it, number) => {
    await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
    await moved(it, 'startSpecialProcedure', number, { kind: 'INSPECTION', reason: '现场检查', expectedDays: 30 });
  },
  'an extended limit': (it, number) => moved(it, 'extendLimit', number, { days: 10, reason: '案情复杂' }),
  'all reviews finished': (it, number) => reviewed(it, DRUG_PRODUCTION, number),
  'an approval': async (it, number) => {
    const reviewRuleVersion = await reviewed(it, DRUG_PRODUCTION, number);
    await moved(it, 'decide', number, { outcome: 'APPROVED', reviewRuleVersion });
  },
  'a refusal': async (it, number) => {
    const reviewRuleVersion = await reviewed(it, DRUG_PRODUCTION, number);
    await moved(it, 'decide', number, { outcome: 'REFUSED', reasons: '不符合规范', reviewRuleVersion });
  },
  'a delivered certificate': async (it, number) => {
    await BEFORE['an approval']?.(it, number);
    await moved(it, 'issueCertificate', number, { electronic: true });
    await moved(it, 'deliverResult', number, { channel: 'ELECTRONIC' });
  },
};

const decision = { outcome: 'APPROVED', reviewRuleVersion: 3 };
const procedure = { kind: 'INSPECTION', reason: '检查' };

/** before · move · arguments · code · what the extensions say */
const ILLEGAL: [string, MoveName, Record<string, unknown>, string, Record<string, unknown>?][] = [
  ['a case just received', 'startStep', { stepCode: 'nonsense' }, 'STEP_UNKNOWN'],
  ['a case just received', 'finishStep', { stepCode: 'nonsense', opinion: '好' }, 'STEP_UNKNOWN'],
  ['a case just received', 'startStep', { stepCode: 'technical-review' }, 'STEP_OUT_OF_ORDER', { next: 'compliance-review' }],
  ['a case just received', 'startStep', { stepCode: 'decision' }, 'STEP_OUT_OF_ORDER', { next: 'compliance-review' }],
  ['a step begun', 'startStep', { stepCode: 'technical-review' }, 'STEP_OUT_OF_ORDER', { next: 'compliance-review' }],
  ['a step finished', 'startStep', { stepCode: 'site-inspection' }, 'STEP_OUT_OF_ORDER', { next: 'technical-review' }],
  ['a step begun', 'startStep', { stepCode: 'compliance-review' }, 'STEP_ALREADY_STARTED'],
  ['a step finished', 'startStep', { stepCode: 'compliance-review' }, 'STEP_ALREADY_STARTED'],
  ['a case just received', 'finishStep', { stepCode: 'compliance-review', opinion: '好' }, 'STEP_NOT_STARTED'],
  ['a step finished', 'finishStep', { stepCode: 'compliance-review', opinion: '好' }, 'STEP_NOT_STARTED'],
  ['a step begun', 'finishStep', { stepCode: 'compliance-review', opinion: '  ' }, 'BAD_USER_INPUT'],
  ['a step begun', 'finishStep', { stepCode: 'compliance-review', opinion: '长'.repeat(5_001) }, 'BAD_USER_INPUT'],
  ['all reviews finished', 'startStep', { stepCode: 'decision' }, 'STEP_HAS_OWN_MOVE', { move: 'decide' }],
  ['all reviews finished', 'finishStep', { stepCode: 'certificate', opinion: '好' }, 'STEP_HAS_OWN_MOVE', { move: 'issueCertificate' }],
  ['a special procedure running', 'startStep', { stepCode: 'technical-review' }, 'SPECIAL_PROCEDURE_RUNNING', { kind: 'INSPECTION' }],
  ['a special procedure running', 'finishStep', { stepCode: 'compliance-review', opinion: '好' }, 'SPECIAL_PROCEDURE_RUNNING'],
  ['a special procedure running', 'startSpecialProcedure', { kind: 'HEARING', reason: '听证' }, 'SPECIAL_PROCEDURE_RUNNING'],
  ['a special procedure running', 'extendLimit', { days: 5, reason: '复杂' }, 'SPECIAL_PROCEDURE_RUNNING'],
  ['a special procedure running', 'decide', decision, 'SPECIAL_PROCEDURE_RUNNING'],
  ['a special procedure running', 'finishSpecialProcedure', { kind: 'HEARING' }, 'SPECIAL_PROCEDURE_NOT_RUNNING'],
  ['a case just received', 'finishSpecialProcedure', { kind: 'HEARING' }, 'SPECIAL_PROCEDURE_NOT_RUNNING'],
  ['a case just received', 'startSpecialProcedure', { ...procedure, reason: '' }, 'BAD_USER_INPUT'],
  ['a case just received', 'startSpecialProcedure', { ...procedure, expectedDays: 0 }, 'BAD_USER_INPUT'],
  ['an extended limit', 'extendLimit', { days: 1, reason: '再延' }, 'ALREADY_EXTENDED'],
  ['a case just received', 'extendLimit', { days: 0, reason: '延' }, 'BAD_USER_INPUT'],
  ['a case just received', 'extendLimit', { days: 11, reason: '延' }, 'BAD_USER_INPUT'],
  ['a case just received', 'extendLimit', { days: 5, reason: ' ' }, 'BAD_USER_INPUT'],
  ['a case just received', 'decide', decision, 'STEP_OUT_OF_ORDER', { next: 'compliance-review' }],
  ['a step finished', 'decide', { ...decision, outcome: 'REFUSED', reasons: '无' }, 'STEP_OUT_OF_ORDER', { next: 'technical-review' }],
  ['all reviews finished', 'decide', { ...decision, reviewRuleVersion: 2 }, 'REVIEW_RULE_NOT_IN_FORCE', { inForce: 3 }],
  ['all reviews finished', 'decide', { ...decision, outcome: 'REFUSED' }, 'REASONS_REQUIRED'],
  ['all reviews finished', 'decide', { ...decision, outcome: 'REFUSED', reasons: ' \n' }, 'REASONS_REQUIRED'],
  ['all reviews finished', 'issueCertificate', { electronic: true }, 'CASE_NOT_DECIDED'],
  ['all reviews finished', 'deliverResult', { channel: 'COURIER' }, 'CASE_NOT_DECIDED'],
  ['an approval', 'decide', decision, 'CASE_ALREADY_DECIDED', { outcome: 'APPROVED' }],
  ['an approval', 'startStep', { stepCode: 'compliance-review' }, 'CASE_ALREADY_DECIDED'],
  ['an approval', 'finishStep', { stepCode: 'compliance-review', opinion: '好' }, 'CASE_ALREADY_DECIDED'],
  ['an approval', 'startSpecialProcedure', procedure, 'CASE_ALREADY_DECIDED'],
  ['an approval', 'extendLimit', { days: 5, reason: '延' }, 'CASE_ALREADY_DECIDED'],
  ['an approval', 'deliverResult', { channel: 'ISSUING_WINDOW' }, 'STEP_OUT_OF_ORDER', { next: 'certificate' }],
  ['a refusal', 'issueCertificate', { electronic: false }, 'CASE_NOT_DECIDED'],
  ['a delivered certificate', 'issueCertificate', { electronic: true }, 'CERTIFICATE_ALREADY_ISSUED'],
  ['a delivered certificate', 'deliverResult', { channel: 'COURIER' }, 'RESULT_ALREADY_DELIVERED'],
];

describe('moves that are not lawful', () => {
  let it: DepartmentHarness;
  beforeAll(async () => {
    it = await startHarness(knownDepartment('drug'));
  });
  afterAll(async () => it[Symbol.asyncDispose]());

  test.each(ILLEGAL)('after %s: %s %j is refused with %s', async (before, name, args, code, said = {}) => {
    const number = await received(it, DRUG_PRODUCTION);
    await BEFORE[before]?.(it, number);
    const [was, told] = [await readCase(it, number), (await events(it)).length];
    const answer = await move(it, name, number, args);
    expect(answer.data[name]).toBeNull();
    expect(answer.errors).toHaveLength(1);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code, ...said });
    expect(await readCase(it, number)).toEqual(was);
    expect(await events(it)).toHaveLength(told);
    // and whoever goes on as the case stands is not held up by the refusal
    if (before === 'a case just received') await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
  });

  const EVERY: [MoveName, Record<string, unknown>][] = [
    ['startStep', { stepCode: 'compliance-review' }],
    ['finishStep', { stepCode: 'compliance-review', opinion: '好' }],
    ['startSpecialProcedure', procedure],
    ['finishSpecialProcedure', { kind: 'HEARING' }],
    ['extendLimit', { days: 1, reason: '延' }],
    ['decide', decision],
    ['issueCertificate', { electronic: true }],
    ['deliverResult', { channel: 'COURIER' }],
  ];

  test.each(EVERY)('%s is for officers of this department, about its own cases', async (name, args) => {
    const number = await received(it, DRUG_PRODUCTION);
    const code = async (about: Promise<{ errors?: { extensions: { code: string } }[] }>) => (await about).errors?.[0]?.extensions.code;
    expect(await code(move(it, name, number, args, { roles: [] }))).toBe('UNAUTHENTICATED');
    for (const roles of [['applicant'], ['window'], ['platform'], ['admin'], ['department:housing']])
      expect(await code(move(it, name, number, args, { roles }))).toBe('FORBIDDEN');
    expect(await code(move(it, name, number, args, { departmentCode: 'housing' }))).toBe('UNKNOWN_DEPARTMENT');
    expect(await code(move(it, name, 'NO-SUCH-CASE', args))).toBe('CASE_NOT_FOUND');
    expect((await readCase(it, number)).steps).toEqual([]);
  });

  test('an applicant may withdraw at any time, and is told in writing', async () => {
    const number = await received(it, DRUG_PRODUCTION);
    await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
    await moved(it, 'decide', number, { outcome: 'WITHDRAWN', reviewRuleVersion: 3 });
    const done = await moved(it, 'deliverResult', number, { channel: 'ISSUING_WINDOW' });
    expect(done).toMatchObject({ decision: { outcome: 'WITHDRAWN', certificate: null }, delivery: { trackingNumber: null } });
  });

  test('a refusal is delivered without a certificate', async () => {
    const number = await received(it, DRUG_PRODUCTION);
    await BEFORE['a refusal']?.(it, number);
    const done = await moved(it, 'deliverResult', number, { channel: 'COURIER', trackingNumber: 'SF1' });
    expect(done).toMatchObject({ decision: { outcome: 'REFUSED', reasons: '不符合规范' }, delivery: { channel: 'COURIER' } });
  });

  test('a special procedure may run again once it has ended, and the case goes on', async () => {
    const number = await received(it, DRUG_PRODUCTION);
    for (const reason of ['首次检查', '整改复查']) {
      await moved(it, 'startSpecialProcedure', number, { kind: 'INSPECTION', reason, expectedDays: 20 });
      await moved(it, 'finishSpecialProcedure', number, { kind: 'INSPECTION' });
    }
    const { specialProcedures } = await moved(it, 'startStep', number, { stepCode: 'compliance-review' });
    expect(specialProcedures.map(({ reason, finishedAt }: any) => [reason, finishedAt !== null])).toEqual([
      ['首次检查', true],
      ['整改复查', true],
    ]);
  });

  test('one request may make several moves, in order', async () => {
    const number = await received(it, DRUG_PRODUCTION);
    const of = `departmentCode: "drug", caseNumber: "${number}"`;
    const answer = await it.asOfficer(`mutation {
      a: startStep(${of}, stepCode: "compliance-review") { steps { code finishedAt } }
      b: finishStep(${of}, stepCode: "compliance-review", opinion: "好") { steps { code finishedAt } }
      c: startStep(${of}, stepCode: "site-inspection") { number }
      d: startStep(${of}, stepCode: "technical-review") { steps { code } }
    }`);
    expect(answer.data.a.steps[0].finishedAt).toBeNull();
    expect(answer.data.b.steps[0].finishedAt).not.toBeNull();
    expect(answer.data.c).toBeNull();
    expect(answer.data.d.steps).toHaveLength(2);
    expect(answer.errors?.map((error) => [error.path, error.extensions.code])).toEqual([[['c'], 'STEP_OUT_OF_ORDER']]);
  });

  test('an item that ends in a register has no certificate to issue', async () => {
    await using housing = await startHarness(knownDepartment('housing'));
    const number = await received(housing, SAFETY_STAFF_EXAMINATION);
    const reviewRuleVersion = await reviewed(housing, SAFETY_STAFF_EXAMINATION, number);
    await moved(housing, 'decide', number, { outcome: 'APPROVED', reviewRuleVersion });
    const answer = await move(housing, 'issueCertificate', number, { electronic: true });
    expect(answer.errors?.[0]?.extensions.code).toBe('STEP_UNKNOWN');
    expect((await moved(housing, 'deliverResult', number, { channel: 'ELECTRONIC' })).delivery.channel).toBe('ELECTRONIC');
  });
});
