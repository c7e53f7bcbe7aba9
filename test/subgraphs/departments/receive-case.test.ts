import { describe, expect, test } from 'vitest';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { ONLINE_DRUG_TRADING } from '../../../subgraphs/departments/drug/items/online-drug-trading.js';
import { applications } from '../../../subgraphs/kit/department/store.js';
import { STORES } from '../../support/stores.js';
import { acceptedCase, type DepartmentHarness, knownDepartment, RECEIVE, startHarness } from './department-harness.js';
import { caseEvents, events, READ_CASES } from './moves.js';

const drug = knownDepartment('drug');

function push(it: DepartmentHarness, input: ReturnType<typeof acceptedCase>, departmentCode = 'drug') {
  return it.asPlatform(RECEIVE, { departmentCode, input });
}

describe.each(STORES)('receiving a case on $name', ({ skip, open }) => {
  test.skipIf(skip)('20 concurrent repeats are one case and one event', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const input = acceptedCase('drug', DRUG_PRODUCTION, { productName: '演示片' });
    const receipts = await Promise.all(Array.from({ length: 20 }, () => push(it, input)));
    expect(receipts.flatMap(({ errors = [] }) => errors)).toEqual([]);
    const payloads = receipts.map(({ data }) => data.receiveCase);
    expect(payloads.filter(({ alreadyReceived }) => !alreadyReceived)).toHaveLength(1);
    expect(new Set(payloads.map(({ receivedAt }) => receivedAt)).size).toBe(1);
    expect((await caseEvents(it, input.number)).map(({ kind }) => kind)).toEqual(['RECEIVED']);
  });

  test.skipIf(skip)('a repeat much later gives the first receipt, whatever it says', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const input = acceptedCase('drug', DRUG_PRODUCTION);
    const first = await push(it, input);
    it.time.now = new Date('2026-11-25T01:00:00.000Z');
    const again = await push(it, { ...input, promisedDays: 1 });
    expect(again.data.receiveCase).toEqual({ ...first.data.receiveCase, alreadyReceived: true });
  });

  test.skipIf(skip)('does not take another case for a repeat because it has its number', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const input = acceptedCase('drug', DRUG_PRODUCTION);
    await push(it, input);
    for (const other of [{ acceptedAt: '2026-11-25T03:00:00.000Z' }, { itemCode: ONLINE_DRUG_TRADING }]) {
      const refused = await push(it, { ...input, ...other });
      expect(refused.errors?.[0]?.extensions.code).toBe('CONFLICT');
    }
    expect((await push(it, input)).data.receiveCase.alreadyReceived).toBe(true);
    expect(await events(it)).toHaveLength(1);
  });

  test.skipIf(skip)('keeps what the applicant handed in for its officers', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const input = acceptedCase('drug', DRUG_PRODUCTION, { productName: '演示片', dosageForm: '片剂' });
    await push(it, input);
    const kept = await it.running.store.fork().findOneOrFail(applications, input.number);
    expect(kept).toMatchObject({ applicant: input.applicant, materials: input.materials, form: input.form });
  });

  test.skipIf(skip)('a store that fails is told neutrally, and the log does not quote what it was to keep', async () => {
    await using files = await open();
    await using it = await startHarness(drug, files.url);
    const input = acceptedCase('drug', DRUG_PRODUCTION);
    // a stray row, so that keeping the application fails after the case was inserted
    const { applicant, materials, form } = acceptedCase('drug', DRUG_PRODUCTION);
    await it.running.store
      .fork()
      .insert(applications, { caseNumber: input.number, applicant: { ...applicant, name: '他人' }, materials, form });
    const answer = await push(it, input);
    expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'INTERNAL_SERVER_ERROR' } });
    const shown = JSON.stringify([answer, it.logged]);
    expect(it.logged.join()).toContain('unexpected error');
    for (const secret of [input.applicant.name, input.applicant.idNumber, input.applicant.phone]) expect(shown).not.toContain(secret);
    expect(await events(it)).toEqual([]);
  });
});

describe('receiving a case', () => {
  test('is for the platform, about this department and one of its items', async () => {
    await using it = await startHarness(drug);
    const input = acceptedCase('drug', DRUG_PRODUCTION);
    const refusal = async (answer: ReturnType<typeof push>) => (await answer).errors?.[0]?.extensions.code;
    expect(await refusal(it.ask([], RECEIVE, { departmentCode: 'drug', input }))).toBe('UNAUTHENTICATED');
    expect(await refusal(it.asOfficer(RECEIVE, { departmentCode: 'drug', input }))).toBe('FORBIDDEN');
    expect(await refusal(push(it, input, 'housing'))).toBe('UNKNOWN_DEPARTMENT');
    expect(await refusal(push(it, { ...input, departmentCode: 'housing' }))).toBe('BAD_USER_INPUT');
    expect(await refusal(push(it, { ...input, itemCode: 'nonsense' }))).toBe('UNKNOWN_ITEM');
    expect(await refusal(push(it, { ...input, number: '4100 00' }))).toBe('BAD_USER_INPUT');
    expect(await refusal(push(it, { ...input, number: 'A'.repeat(65) }))).toBe('BAD_USER_INPUT');
    expect(await refusal(push(it, { ...input, acceptedAt: 'yesterday' }))).toBe('BAD_USER_INPUT');
    expect(await events(it)).toEqual([]);
  });

  test('an item retired meanwhile does not stop a case accepted before', async () => {
    await using it = await startHarness(drug);
    expect((await push(it, acceptedCase('drug', ONLINE_DRUG_TRADING))).data.receiveCase.alreadyReceived).toBe(false);
  });

  test('no due date is set while no calendar covers it', async () => {
    await using it = await startHarness(drug);
    const input = { ...acceptedCase('drug', DRUG_PRODUCTION), promisedDueAt: null, statutoryDueAt: null };
    expect((await push(it, input as never)).errors).toBeUndefined();
  });

  test("an applicant's personal data is neither in the graph nor in events nor in logs", async () => {
    await using it = await startHarness(drug);
    const input = acceptedCase('drug', DRUG_PRODUCTION, { productName: '演示片' });
    await push(it, input);
    await push(it, { ...input, number: '不是编号' });
    const read = await it.ask(['window'], READ_CASES, { of: [{ __typename: 'Case', number: input.number, departmentCode: 'drug' }] });
    const shown = JSON.stringify([read, await events(it), it.logged]);
    expect(shown).toContain(input.number);
    for (const secret of [input.applicant.name, input.applicant.idNumber, input.applicant.phone]) expect(shown).not.toContain(secret);
  });
});
