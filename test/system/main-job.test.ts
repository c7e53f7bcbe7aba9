import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { completeApplication, type OfferedItem, offeredItems, openCase, received, timelineUntil } from '../support/case-work.js';
import { Graph } from '../support/graph.js';
import { Topology } from '../support/processes.js';

const DEPARTMENTS = ['drug', 'transport', 'housing'];

const stack = new AsyncDisposableStack();
let graph: Graph;
let items: OfferedItem[];
const itemOf = (departmentCode: string) => items.find((item) => item.departmentCode === departmentCode) as OfferedItem;

beforeAll(async () => {
  const topology = stack.use(await Topology.start(DEPARTMENTS));
  graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
  items = await offeredItems(graph, DEPARTMENTS);
}, 180_000);
afterAll(() => stack.disposeAsync());

describe('the main job, over the network, every part a process', () => {
  test('items of all departments can be browsed with guide and fee by anybody', async () => {
    const { data, errors } = await graph.ask(
      undefined,
      '{ serviceItems(first: 50) { totalCount nodes { code name kind departmentCode department { name } guide { fee legalBasis conditions consultation result resultName } } } }',
    );
    expect(errors).toBeUndefined();
    const nodes = data?.['serviceItems'].nodes as any[];
    expect(new Set(nodes.map((node: any) => node.departmentCode))).toEqual(new Set(DEPARTMENTS));
    for (const node of nodes) {
      expect(node.guide.fee, node.name).not.toBe('');
      expect(node.guide.legalBasis.length, node.name).toBeGreaterThan(0);
      expect(node.department.name).toMatch(/^河南省/);
    }
  });

  test.each([
    ['a person', 'NATURAL_PERSON', 'transport'],
    ['an enterprise', 'ENTERPRISE', 'drug'],
  ] as const)('%s applies, the case is worked on, and a second client sees it all live', async (_who, kind, departmentCode) => {
    const item = itemOf(departmentCode);
    const officer = `department:${departmentCode}`;
    const number = await openCase(graph, item, kind === 'ENTERPRISE' ? 1 : 2, kind);
    await using watching = await graph.subscribe(
      'monitor',
      'subscription ($caseNumber: ID) { caseProgress(caseNumber: $caseNumber) { cursor kind case { number item { name } steps { code finishedAt } decision { outcome } } } }',
      { caseNumber: number },
    );
    await received(graph, number);

    const move = (name: string, args: string, variables: Record<string, unknown> = {}, types = '') =>
      graph.data(
        officer,
        `mutation ($d: ID!, $n: ID!${types}) { ${name}(departmentCode: $d, caseNumber: $n${args}) { number steps { code } } }`,
        {
          d: departmentCode,
          n: number,
          ...variables,
        },
      );
    const review = item.approvalFlow.filter(({ kind: step }) => !['DECISION', 'CERTIFICATE', 'DELIVERY'].includes(step));
    const expected = ['ACCEPTED', 'RECEIVED'];
    for (const [index, { code }] of review.entries()) {
      await move('startStep', ', stepCode: $s', { s: code }, ', $s: ID!');
      if (index === 0) {
        await move('startSpecialProcedure', ', kind: EXPERT_REVIEW, reason: "专家评审", expectedDays: 10');
        await move('finishSpecialProcedure', ', kind: EXPERT_REVIEW');
      }
      await move('finishStep', ', stepCode: $s, opinion: "符合要求"', { s: code }, ', $s: ID!');
      expected.push('STEP_STARTED', ...(index === 0 ? ['SPECIAL_PROCEDURE_STARTED', 'SPECIAL_PROCEDURE_FINISHED'] : []), 'STEP_FINISHED');
    }
    const version = Math.max(...item.reviewRules.map((rule) => rule.version));
    await move('decide', ', outcome: APPROVED, reviewRuleVersion: $v', { v: version }, ', $v: Int!');
    await move('issueCertificate', ', electronic: true');
    await move('deliverResult', ', channel: ELECTRONIC');
    expected.push('DECIDED', 'CERTIFICATE_ISSUED', 'DELIVERED');

    const seen: any[] = [];
    for await (const { data, errors } of watching.events) {
      expect(errors).toBeUndefined();
      seen.push(data?.['caseProgress']);
      if (seen.length === expected.length) break;
    }
    expect(seen.map(({ kind: event }) => event)).toEqual(expected);
    expect(seen.every((event) => event.case.item.name === item.name)).toBe(true);
    expect(seen.at(-1).case.decision.outcome).toBe('APPROVED');
    expect(await timelineUntil(graph, number, 'DELIVERED')).toEqual(expected);

    const { case: whole } = await graph.data(
      'window',
      `query ($n: ID!) { case(number: $n) {
        number stage outcome applicant { kind name idNumber } channel
        item { name kind guide { fee promisedDays } }
        receivedAt decision { outcome seal reviewRuleVersion certificate { number electronic } } delivery { channel }
        ${departmentCode === 'transport' ? 'transportRoute { origin destination } transportAxleLoads { axle }' : 'drugSiteInspections { __typename }'}
        timeline { kind occurredAt }
      } }`,
      { n: number },
    );
    expect(whole).toMatchObject({
      number,
      stage: 'DELIVERED',
      outcome: 'APPROVED',
      decision: { outcome: 'APPROVED', certificate: { electronic: true } },
      item: { name: item.name },
    });
    expect(whole.applicant.kind).toBe(kind);
  });

  test('one page of several departments: each row has its own department’s values', async () => {
    const numbers = new Map<string, string>();
    for (const [n, departmentCode] of [...DEPARTMENTS, ...DEPARTMENTS].entries())
      numbers.set(await openCase(graph, itemOf(departmentCode), 100 + n), departmentCode);
    for (const number of numbers.keys()) await received(graph, number);
    const { cases } = await graph.data(
      'window',
      `query ($first: Int!, $withItem: Boolean!) { cases(first: $first) { nodes {
        number departmentCode received: receivedAt ...Steps
        item @include(if: $withItem) { code guide { implementingBody } department { name } }
        transportRoute { origin } housingQualification { __typename } drugSiteInspections { __typename }
      } } }
      fragment Steps on Case { steps { code } specialProcedures { kind } }`,
      { first: 50, withItem: true },
    );
    const rows = (cases.nodes as any[]).filter(({ number }) => numbers.has(number));
    expect(rows).toHaveLength(numbers.size);
    for (const row of rows) {
      expect(row.departmentCode).toBe(numbers.get(row.number));
      expect(row.received).not.toBeNull();
      expect(row.item.guide.implementingBody).toBe(row.item.department.name);
      if (row.departmentCode !== 'transport') expect(row.transportRoute).toBeNull();
      if (row.departmentCode !== 'drug') expect(row.drugSiteInspections).toBeNull();
      if (row.departmentCode !== 'housing') expect(row.housingQualification).toBeNull();
    }
  });

  test('one mutation, two departments, in the order of the document', async () => {
    const [drug, housing] = [await openCase(graph, itemOf('drug'), 201), await openCase(graph, itemOf('housing'), 202)];
    await Promise.all([received(graph, drug), received(graph, housing)]);
    const step = (departmentCode: string) => itemOf(departmentCode).approvalFlow[0]?.code;
    // a token with the roles of two departments does not exist in life; the guard must refuse the one that is not its own
    const { data, errors } = await graph.ask(
      'department:drug',
      `mutation ($drug: ID!, $housing: ID!, $s1: ID!, $s2: ID!) {
        first: startStep(departmentCode: "drug", caseNumber: $drug, stepCode: $s1) { number steps { code } }
        second: startStep(departmentCode: "housing", caseNumber: $housing, stepCode: $s2) { number }
      }`,
      { drug, housing, s1: step('drug'), s2: step('housing') },
    );
    expect(data?.['first']).toEqual({ number: drug, steps: [{ code: step('drug') }] });
    expect(data?.['second']).toBeNull();
    expect(errors).toMatchObject([{ path: ['second'], extensions: { code: 'FORBIDDEN' } }]);
  });

  test('an applicant sees own cases only, and nobody sees any without an identity', async () => {
    const number = await openCase(graph, itemOf('housing'), 301);
    const mine = await graph.data('applicant', 'query ($n: ID!) { case(number: $n) { number applicant { idNumber } } }', { n: number });
    expect(mine['case'].applicant.idNumber).toMatch(/^\d{17}[\dX]$/);
    const monitor = await graph.data('monitor', 'query ($n: ID!) { case(number: $n) { applicant { name idNumber } } }', { n: number });
    expect(monitor['case'].applicant.idNumber).toContain('*');
    const other = await graph.issuer.issue('somebody-else', ['applicant']);
    const response = await fetch(graph.url(), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${other}` },
      body: JSON.stringify({ query: 'query ($n: ID!) { case(number: $n) { number } }', variables: { n: number } }),
    });
    expect(((await response.json()) as any).data.case).toBeNull();
    expect((await graph.ask(undefined, '{ cases(first: 1) { nodes { number } } }')).errors?.[0]?.extensions?.['code']).toBe(
      'UNAUTHENTICATED',
    );
  });

  test.each<[string, (item: OfferedItem) => Record<string, unknown>, string]>([
    [
      'a wrong check digit',
      (item) => ({
        ...completeApplication(item, 1),
        applicant: { kind: 'NATURAL_PERSON', name: '测试', idNumber: '410101199001010018', phone: '13800000000' },
      }),
      'INVALID_ID_NUMBER',
    ],
    [
      'a wrong credit code',
      (item) => ({
        ...completeApplication(item, 1),
        applicant: { kind: 'ENTERPRISE', name: '测试', idNumber: '914101000000000001', phone: '13800000000' },
      }),
      'INVALID_CREDIT_CODE',
    ],
    ['an unknown item', (item) => ({ ...completeApplication(item, 1), itemCode: 'nothing' }), 'UNKNOWN_ITEM'],
    ['an unknown department', (item) => ({ ...completeApplication(item, 1), departmentCode: 'nobody' }), 'UNKNOWN_DEPARTMENT'],
    ['missing materials', (item) => ({ ...completeApplication(item, 1), materials: [] }), 'MATERIAL_MISSING'],
  ])('%s is refused by its code, and nothing is half-written', async (_what, input, code) => {
    const count = async () =>
      (await graph.data('window', '{ applications(first: 1) { totalCount } }'))['applications'].totalCount as number;
    const before = await count();
    const item = items.find(({ guide }) => guide.materials.some(({ required, shared }) => required && !shared)) as OfferedItem;
    const { data, errors } = await graph.ask(
      'applicant',
      'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }',
      {
        input: input(item),
      },
    );
    expect(data?.['submitApplication'] ?? null).toBeNull();
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual([code]);
    expect(JSON.stringify(errors)).not.toMatch(/stack|node_modules|4101011990|91410100/);
    expect(await count()).toBe(before);
  });

  test('a retired item is on record and cannot be applied for', async () => {
    const { serviceItems } = await graph.data(
      'applicant',
      '{ serviceItems(first: 10, filter: { state: RETIRED }) { nodes { code departmentCode } } }',
    );
    const [retired] = serviceItems.nodes;
    const { errors } = await graph.ask(
      'applicant',
      'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }',
      {
        input: { ...completeApplication(itemOf('drug'), 1), itemCode: retired.code, departmentCode: retired.departmentCode },
      },
    );
    expect(errors?.[0]?.extensions?.['code']).toBe('ITEM_RETIRED');
  });

  test('a cursor from another feed ends the subscription with its code', async () => {
    for (const [after, code] of [
      ['bm90LWEtY3Vyc29y', 'CURSOR_INVALID'],
      [Buffer.from('0f0f0f0f-0000-4000-8000-000000000000:1').toString('base64url'), 'CURSOR_FOREIGN'],
    ]) {
      await using watching = await graph.subscribe('monitor', 'subscription ($after: Cursor) { caseProgress(after: $after) { cursor } }', {
        after,
      });
      const outcome = await watching.events.next().then(
        ({ value }) => value?.errors,
        (error: unknown) => error,
      );
      expect(JSON.stringify(outcome)).toContain(code);
    }
  });

  test('a watcher that comes back with its last cursor has every event once', async () => {
    const number = await openCase(graph, itemOf('transport'), 401);
    await timelineUntil(graph, number, 'RECEIVED');
    const query = 'subscription ($after: Cursor, $caseNumber: ID) { caseProgress(after: $after, caseNumber: $caseNumber) { cursor kind } }';
    let cursor: string;
    {
      await using watching = await graph.subscribe('monitor', query, { caseNumber: number });
      const { value } = await watching.events.next();
      expect(value?.data?.['caseProgress'].kind).toBe('ACCEPTED');
      cursor = value?.data?.['caseProgress'].cursor;
    }
    await using again = await graph.subscribe('monitor', query, { caseNumber: number, after: cursor });
    expect((await again.events.next()).value?.data?.['caseProgress'].kind).toBe('RECEIVED');
  });
});
