import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { caller } from '../../../../support/environment.js';
import { openFiles, type TestStore } from '../../../../support/stores.js';
import { INPUT } from '../world.js';
import { decided, one } from './case-life.js';
import { APPLICANT, codeOf, openHandling, WINDOW } from './handling-world.js';

type Opened = Awaited<ReturnType<typeof openHandling>>;

const NOBODY = caller('nobody');
const RESULTS = `query($filter: PublicResultFilter, $first: Int! = 20, $after: String) { publicResults(filter: $filter, first: $first, after: $after) {
  nodes { caseNumber outcome decidedAt certificateNumber applicantKind applicant department { code } item { code } withheld { part ground explanation } }
  totalCount pageInfo { hasNextPage endCursor } } }`;

describe('results as anybody sees them', () => {
  let files: TestStore;
  let it: Opened;
  const numbers: Record<string, string> = {};
  beforeAll(async () => {
    files = await openFiles();
    it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    const { world, drug } = it;
    world.declare('drug', { itemCode: 'secret' });
    await world.known('drug', 'secret');
    const enterprise = { kind: 'ENTERPRISE', name: '演示药业有限公司', idNumber: '91410100DEM000001H', phone: '13800000000' };
    const accept = async (change: Record<string, unknown>) =>
      one<any>(await world.accept(await world.submitted(APPLICANT, change)), 'acceptApplication').case.number;
    numbers['person'] = await accept({});
    numbers['refused'] = await accept({});
    numbers['enterprise'] = await accept({ applicant: { ...enterprise, idNumber: await creditCode('91410100DEM000001') } });
    numbers['secret'] = await accept({ itemCode: 'secret' });
    numbers['withdrawn'] = await accept({});
    numbers['open'] = await accept({});
    for (const [minute, [name, outcome]] of [
      ['person', 'APPROVED'],
      ['refused', 'REFUSED'],
      ['enterprise', 'APPROVED'],
      ['secret', 'APPROVED'],
      ['withdrawn', 'WITHDRAWN'],
    ].entries())
      await decided(world, drug, numbers[name as string] as string, {
        outcome: outcome as string,
        reasons: outcome === 'REFUSED' ? '张三丰提交的材料虚假' : null,
        decidedAt: `2026-11-26T02:0${minute}:00.000Z`,
        documentNumber: `豫演许〔2026〕${name}`,
      });
  });
  afterAll(async () => {
    await it[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  const results = async (filter: object = {}, more: object = {}) =>
    one<any>(await it.world.ask(NOBODY, RESULTS, { filter, ...more }), 'publicResults');

  test('are there without signing in, latest first, without anything personal, and with the reasons for what is withheld', async () => {
    const page = await results();
    expect(page.nodes.map(({ caseNumber }: any) => caseNumber)).toEqual(
      ['secret', 'enterprise', 'refused', 'person'].map((name) => numbers[name]),
    );
    expect(page.nodes[3]).toMatchObject({
      outcome: 'APPROVED',
      applicant: '张*',
      withheld: [{ part: 'APPLICANT_NAME', ground: 'PERSONAL_INFORMATION' }],
    });
    expect(page.nodes[2].withheld.map(({ part }: any) => part)).toEqual(['APPLICANT_NAME', 'REASONS']);
    expect(page.nodes[1]).toMatchObject({ applicant: '演示药业有限公司', withheld: [] });
    expect(JSON.stringify(page)).not.toMatch(/三丰|19491231|13800005678|虚假/);
  });

  test.each<[object, string[]]>([
    [{ outcome: 'REFUSED' }, ['refused']],
    [{ outcome: 'WITHDRAWN' }, ['withdrawn']],
    [{ departmentCode: 'drug', itemCode: 'secret' }, ['secret']],
    [{ departmentCode: 'housing' }, []],
    [{ decidedFrom: '2026-11-26T02:01:00.000Z', decidedTo: '2026-11-26T02:03:00.000Z' }, ['enterprise', 'refused']],
  ])('are searched by %j', async (filter, names) => {
    expect((await results(filter)).nodes.map(({ caseNumber }: any) => caseNumber)).toEqual(names.map((name) => numbers[name]));
  });

  test('are paged', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const page: any = await results({}, { first: 1, after });
      expect(page.totalCount).toBe(4);
      seen.push(...page.nodes.map(({ caseNumber }: any) => caseNumber));
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(seen).toEqual(['secret', 'enterprise', 'refused', 'person'].map((name) => numbers[name]));
  });

  test('of an item are withheld on a ground of Art. 24, which is public, and published again', async () => {
    const { world } = it;
    const WITHHOLD = 'mutation($input: WithholdResultsInput!) { withholdResults(input: $input) { withheldItem { ground } } }';
    const input = { departmentCode: 'drug', itemCode: 'secret', ground: 'STATE_SECRET', explanation: '该事项结果涉及国家秘密' };
    for (const who of [APPLICANT, WINDOW, caller('o', 'department:drug'), NOBODY])
      expect(codeOf(await world.ask(who, WITHHOLD, { input }))).toMatch(/FORBIDDEN|UNAUTHENTICATED/);
    const bureau = caller('b', 'bureau');
    expect(codeOf(await world.ask(bureau, WITHHOLD, { input: { ...input, itemCode: 'nothing' } }))).toBe('UNKNOWN_ITEM');
    one(await world.ask(bureau, WITHHOLD, { input }), 'withholdResults');
    expect((await results()).nodes.map(({ caseNumber }: any) => caseNumber)).not.toContain(numbers['secret']);
    expect((await results()).totalCount).toBe(3);
    expect((await results({ departmentCode: 'drug', itemCode: 'secret' })).nodes).toEqual([]);
    const listed = await world.ask(NOBODY, '{ withheldItems { ground explanation item { code } } }');
    expect(listed.data?.['withheldItems']).toEqual([
      { ground: 'STATE_SECRET', explanation: '该事项结果涉及国家秘密', item: { code: 'secret' } },
    ]);
    const PUBLISH = 'mutation { publishResults(input: { departmentCode: "drug", itemCode: "secret" }) { wasWithheld } }';
    expect(one<any>(await world.ask(bureau, PUBLISH), 'publishResults').wasWithheld).toBe(true);
    expect((await results()).totalCount).toBe(4);
  });
});

async function creditCode(body: string): Promise<string> {
  const { creditCodeCheck } = await import('../../../../../subgraphs/platform/acceptance/rules/credit-code.js');
  expect(INPUT.applicant.kind).toBe('NATURAL_PERSON');
  return body + creditCodeCheck(body);
}
