import { describe, expect, test, vi } from 'vitest';
import { DRUG_PRODUCTION } from '../../../subgraphs/departments/drug/items/drug-production.js';
import { OVERSIZE_TRANSPORT } from '../../../subgraphs/departments/transport/items/oversize-transport.js';
import { STORES } from '../../support/stores.js';
import { type DepartmentHarness, knownDepartment, startHarness } from './department-harness.js';
import { moved, READ_CASES, received, reviewed } from './moves.js';

/** Runs `work` and gives the tables that were read, one entry per query. */
async function queried(it: DepartmentHarness, work: () => Promise<unknown>): Promise<string[]> {
  const execute = vi.spyOn(it.running.store.orm.em.getConnection(), 'execute');
  try {
    await work();
    return (
      execute.mock.calls
        .map(([query]) => query as string)
        // whoever leads renews its lease meanwhile, whatever is asked
        .filter((sql) => !/\blease\b/.test(sql))
        .map((sql) => /from [`"](\w+)[`"]/.exec(sql)?.[1] ?? sql)
        .sort()
    );
  } finally {
    execute.mockRestore();
  }
}

describe.each(STORES)('references from the gateway on $name', ({ skip, open }) => {
  test.skipIf(skip)('1,000 cases are answered in order, with one query per table', async () => {
    await using files = await open();
    await using it = await startHarness(knownDepartment('drug'), files.url);
    const numbers: string[] = [];
    for (let n = 0; n < 12; n++) numbers.push(await received(it, DRUG_PRODUCTION, { productName: `演示片${n}` }));
    for (const number of numbers.slice(0, 3)) {
      const reviewRuleVersion = await reviewed(it, DRUG_PRODUCTION, number);
      await moved(it, 'decide', number, { outcome: 'APPROVED', reviewRuleVersion });
      await moved(it, 'issueCertificate', number, { electronic: false });
    }
    const of = Array.from({ length: 1_000 }, (_, n) => ({
      __typename: 'Case',
      // every third is one we have, the others are not there or another department's
      number: n % 3 === 0 ? numbers[n % 12] : n % 3 === 1 ? `NONE-${n}` : numbers[0],
      departmentCode: n % 3 === 2 ? 'housing' : 'drug',
    }));
    const query = READ_CASES.replace('number departmentCode', 'number departmentCode drugProduct { name } drugSiteInspections { visit }');
    let answer: any;
    const tables = await queried(it, async () => {
      answer = await it.ask(['monitor'], query, { of });
    });
    expect(answer.errors).toBeUndefined();
    const rows = answer.data._entities;
    expect(rows).toHaveLength(1_000);
    for (const [n, row] of rows.entries()) {
      if (n % 3 !== 0) expect(row).toBeNull();
      else expect(row).toMatchObject({ number: numbers[n % 12], departmentCode: 'drug', drugProduct: { name: `演示片${n % 12}` } });
    }
    expect(rows[0].decision.certificate.electronic).toBe(false);
    expect(rows[3].steps).toEqual([]);
    expect(tables).toEqual([
      'case_step',
      'certificate',
      'decision',
      'delivery',
      'department_case',
      'drug_product',
      'drug_site_inspection',
      'limit_extension',
      'special_procedure',
    ]);
  });
});

describe('references from the gateway', () => {
  const one = (number: string, departmentCode: string) => ({ of: [{ __typename: 'Case', number, departmentCode }] });

  test('a case is read by whoever the ledger shows it to, and not by officers of elsewhere, administrators or nobody', async () => {
    await using it = await startHarness(knownDepartment('drug'));
    const number = await received(it, DRUG_PRODUCTION);
    for (const role of ['applicant', 'window', 'monitor', 'centre', 'bureau', 'department:drug', 'platform'])
      expect((await it.ask([role], READ_CASES, one(number, 'drug'))).data._entities[0].number).toBe(number);
    for (const roles of [[], ['admin'], ['department:housing']])
      expect((await it.ask(roles, READ_CASES, one(number, 'drug'))).data._entities).toEqual([null]);
  });

  test('guides are public, of its own items only', async () => {
    await using it = await startHarness(knownDepartment('drug'));
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ServiceItem {
      code guide { itemName } approvalFlow { code } reviewRules { stepCode } drugRegulatedProducts
    } } }`;
    const of = [
      { __typename: 'ServiceItem', code: OVERSIZE_TRANSPORT, departmentCode: 'transport' },
      { __typename: 'ServiceItem', code: DRUG_PRODUCTION, departmentCode: 'drug' },
      { __typename: 'ServiceItem', code: DRUG_PRODUCTION, departmentCode: 'transport' },
      { __typename: 'ServiceItem', code: 'nonsense', departmentCode: 'drug' },
    ];
    const { data } = await it.ask([], query, { of });
    expect(data._entities).toMatchObject([
      null,
      { guide: { itemName: '药品生产许可' }, drugRegulatedProducts: expect.arrayContaining(['中药']) },
      null,
      null,
    ]);
  });

  test('what only a department that a caller is not of may do is not asked of the store', async () => {
    await using it = await startHarness(knownDepartment('drug'));
    expect(await queried(it, () => it.ask(['monitor'], READ_CASES, one('ANY', 'housing')))).toEqual([]);
    expect(await queried(it, () => it.ask([], READ_CASES, one('ANY', 'drug')))).toEqual([]);
  });

  test('nobody without a token of this department is answered', async () => {
    await using it = await startHarness(knownDepartment('drug'));
    const authorization = await it.tokens.authorization('housing', { subject: 's', roles: ['platform'], requestId: 'r' });
    for (const headers of [{}, { authorization }, { authorization: 'Bearer nonsense' }] as Record<string, string>[]) {
      const response = await fetch(it.running.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query: '{ __typename }' }),
      });
      expect(response.status).toBe(401);
      expect(((await response.json()) as any).errors[0].extensions.code).toBe('INTERNAL_TOKEN_REJECTED');
    }
  });
});
