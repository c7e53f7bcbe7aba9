import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../../../subgraphs/kit/identity/caller.js';
import { subjectKey } from '../../../../subgraphs/platform/acceptance/access/subject-key.js';
import { caseNumber } from '../../../../subgraphs/platform/acceptance/rules/case-number.js';
import { applications, cases, dispatches } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../support/environment.js';
import { openFiles, STORES, type TestStore } from '../../../support/stores.js';
import { APPLICANT, INPUT, WAITING, WINDOW, World } from './world.js';

const OTHER = caller('person-2', 'applicant');
const OFFICER = caller('officer-1', 'department:drug');
const CASE = `query($number: ID!) { case(number: $number) {
  number departmentCode applicant { kind name idNumber phone } materials { code name source url contentHash } form { name value }
  department { code } item { code departmentCode } application { id } channel acceptedAt
} }`;
const ENTITIES =
  'query($of: [_Any!]!) { _entities(representations: $of) { ... on Case { number stage applicant { name } timeline { kind cursor } dispatch { state } application { id case { number } } } ... on Application { id state } } }';

/** Cases to hand over, applications to deem accepted, dossiers to seal. */
const IN_THE_BACKGROUND = /min\(|`deemed_due_at` asc|`seal_due_at` <=/;

describe('reading cases', () => {
  let files: TestStore;
  let world: World;
  let mine: string;
  let theirs: string;
  beforeAll(async () => {
    files = await openFiles();
    world = await World.open(files.url);
    await world.start();
    for (const code of ['drug', 'transport']) {
      await world.department(code);
      await world.known(code);
    }
    mine = await world.accepted('drug', APPLICANT);
    theirs = await world.accepted('transport', OTHER);
    for (const number of [mine, theirs]) await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
  });
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  const listed = async (who: Caller) => {
    const { data, errors } = await world.ask(who, '{ cases { nodes { number } totalCount } applications { nodes { id } totalCount } }');
    if (errors !== undefined) return errors.map(({ extensions }) => extensions?.['code']);
    expect(data?.['applications'].nodes).toHaveLength(data?.['cases'].nodes.length);
    expect(data?.['cases'].totalCount).toBe(data?.['cases'].nodes.length);
    return data?.['cases'].nodes.map(({ number }: any) => number).sort();
  };

  test('everybody sees the rows that are theirs to see, alone and in lists', async () => {
    const both = [mine, theirs].sort();
    for (const role of ['window', 'monitor', 'centre', 'bureau', 'platform']) expect(await listed(caller('x', role))).toEqual(both);
    expect(await listed(APPLICANT)).toEqual([mine]);
    expect(await listed(OTHER)).toEqual([theirs]);
    expect(await listed(OFFICER)).toEqual([mine]);
    expect(await listed(caller('person-2', 'applicant', 'department:drug'))).toEqual(both);
    expect(await listed(caller('root', 'admin'))).toEqual([]);
    expect(await listed(caller('Person-1', 'applicant'))).toEqual([]);
    expect(await listed(caller('nobody'))).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED']);

    const sees = async (who: Caller, number: string) => (await world.ask(who, CASE, { number })).data?.['case'] != null;
    expect(await sees(APPLICANT, mine)).toBe(true);
    expect(await sees(APPLICANT, theirs)).toBe(false);
    expect(await sees(OFFICER, theirs)).toBe(false);
    expect(await sees(caller('root', 'admin'), mine)).toBe(false);
    expect((await world.ask(caller('nobody'), CASE, { number: mine })).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
  });

  test('personal data is whole for the applicant, windows and the department, masked for everybody else', async () => {
    for (const who of [APPLICANT, WINDOW, OFFICER]) {
      const found = (await world.ask(who, CASE, { number: mine })).data?.['case'];
      expect(found).toMatchObject({
        applicant: INPUT.applicant,
        form: INPUT.form,
        department: { code: 'drug' },
        item: { code: 'permit', departmentCode: 'drug' },
      });
      expect(found.materials[0]).toMatchObject({ url: 'https://files.example/form.pdf', contentHash: 'sha256:abc' });
    }
    for (const role of ['monitor', 'centre', 'bureau', 'platform']) {
      const answer = await world.ask(caller('x', role), CASE, { number: mine });
      expect(answer.data?.['case']).toMatchObject({
        applicant: { kind: 'NATURAL_PERSON', name: '张*', idNumber: '1101**********002X', phone: '138****5678' },
        form: [
          { name: 'address', value: null },
          { name: 'area', value: null },
        ],
        materials: [
          { code: 'form', name: '申请表', url: null, contentHash: null },
          { code: 'plan', name: '平面图' },
          { code: 'licence', source: 'SHARED' },
        ],
      });
      expect(JSON.stringify(answer)).not.toMatch(/三丰|19491231|0000567|郑州/);
    }
  });

  test('a number can be searched for by those who see numbers', async () => {
    const search = async (who: Caller, idNumber = '11010519491231002x') =>
      world.ask(who, 'query($n: String!) { cases(filter: { applicantIdNumber: $n }) { nodes { number } } }', { n: idNumber });
    expect((await search(WINDOW)).data?.['cases'].nodes).toHaveLength(2);
    expect((await search(WINDOW, '110105194912310020')).data?.['cases'].nodes).toEqual([]);
    expect((await search(OFFICER)).data?.['cases'].nodes).toEqual([{ number: mine }]);
    for (const who of [APPLICANT, caller('m', 'monitor')])
      expect((await search(who)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  test('entities come back in order, null where there is none or none that may be seen', async () => {
    const application = (await world.ask(WINDOW, CASE, { number: mine })).data?.['case'].application.id;
    const reference = (number: string, departmentCode: string) => ({ __typename: 'Case', number, departmentCode });
    const of = [
      reference(theirs, 'transport'),
      reference('nothing', 'drug'),
      reference(mine, 'drug'),
      reference(mine, 'transport'),
      { __typename: 'Application', id: application },
    ];
    const numbers = async (who: Caller) =>
      (await world.ask(who, ENTITIES, { of })).data?.['_entities'].map((found: any) => found && (found.number ?? found.state));
    expect(await numbers(WINDOW)).toEqual([theirs, null, mine, null, 'ACCEPTED']);
    expect(await numbers(APPLICANT)).toEqual([null, null, mine, null, 'ACCEPTED']);
    expect(await numbers(caller('nobody'))).toEqual([null, null, null, null, null]);
  });

  test('a list of any length takes the same number of queries', async () => {
    const many: string[] = [];
    for (let n = 0; n < 8; n++) many.push(await world.accepted('drug'));
    // until nothing goes on in the background but looking for what is due
    for (const number of many) await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    await vi.waitFor(
      async () => expect(await world.acceptance.store.fork().count(dispatches, { state: { $ne: 'DELIVERED' } })).toBe(0),
      WAITING,
    );
    const tables = async (numbers: string[]) => {
      const execute = vi.spyOn(world.acceptance.store.orm.em.getConnection(), 'execute');
      const of = numbers.map((number) => ({ __typename: 'Case', number, departmentCode: 'drug' }));
      const answer = await world.ask(WINDOW, ENTITIES, { of });
      const asked = execute.mock.calls
        .map(([sql]) => (typeof sql === 'string' ? sql : JSON.stringify(sql)))
        .filter((sql) => !IN_THE_BACKGROUND.test(sql))
        .flatMap((sql) => /^select .* from `(\w+)`/s.exec(sql)?.[1] ?? []);
      execute.mockRestore();
      expect(answer.errors).toBeUndefined();
      expect(answer.data?.['_entities'].map(({ number }: any) => number)).toEqual(numbers);
      return asked.sort();
    };
    const few = ['accepted_case', 'application', 'case_progress', 'dispatch', 'feed_event'];
    // what is still done about the new cases may look at these tables too, but not every time
    await vi.waitFor(async () => expect(await tables([mine])).toEqual(few), WAITING);
    await vi.waitFor(async () => expect(await tables([mine, ...many])).toEqual(few), WAITING);
  });
});

interface Made {
  number: string;
  departmentCode: string;
  acceptedAt: Date;
  promisedDueAt: Date | null;
  stage: 'ACCEPTED' | 'IN_REVIEW' | 'DELIVERED';
  mine: boolean;
}

describe.each(STORES)('paging on $name', ({ skip, open }) => {
  test.skipIf(skip)(
    'pages of any size put together are the list, whatever the filter and order; a row that comes meanwhile moves no other',
    { timeout: 120_000 },
    async () => {
      await using files = await open();
      await using world = await World.open(files.url);
      await world.start();
      const made: Made[] = Array.from({ length: 60 }, (_, n) => ({
        number: caseNumber({ letters: n % 3 === 0 ? 'TRAN' : 'DRUG', day: '2026-11-24', count: ((n * 37) % 60) + 1 }),
        departmentCode: n % 3 === 0 ? 'transport' : 'drug',
        // many at the same millisecond, so that the number has to decide
        acceptedAt: new Date(Date.UTC(2026, 10, 24) + Math.floor(n / 7)),
        promisedDueAt: n % 4 === 0 ? null : new Date(Date.UTC(2026, 11, 1 + (n % 5))),
        stage: (['ACCEPTED', 'IN_REVIEW', 'DELIVERED'] as const)[n % 3] as Made['stage'],
        mine: n % 2 === 0,
      }));
      const em = world.acceptance.store.fork();
      for (const row of made) em.create(cases, record(row));
      await em.flush();

      const orders = fc.constantFrom('ACCEPTED_LATEST_FIRST', 'ACCEPTED_EARLIEST_FIRST', 'PROMISED_DUE_FIRST');
      const filter = fc.record(
        {
          departmentCode: fc.constantFrom('drug', 'transport', 'nobody'),
          stage: fc.constantFrom('ACCEPTED', 'IN_REVIEW', 'DELIVERED'),
          open: fc.boolean(),
          acceptedFrom: fc.integer({ min: 0, max: 9 }).map((n) => new Date(Date.UTC(2026, 10, 24) + n).toISOString()),
          acceptedTo: fc.integer({ min: 0, max: 9 }).map((n) => new Date(Date.UTC(2026, 10, 24) + n).toISOString()),
        },
        { requiredKeys: [] },
      );
      const who = fc.constantFrom(WINDOW, APPLICANT, OFFICER);
      await fc.assert(
        fc.asyncProperty(orders, filter, fc.integer({ min: 1, max: 70 }), who, async (orderBy, conditions, first, viewer) => {
          const seen: string[] = [];
          let after: string | null = null;
          do {
            const { data, errors } = await world.ask(
              viewer,
              'query($f: CaseFilter, $o: CaseOrder!, $n: Int!, $a: String) { cases(filter: $f, orderBy: $o, first: $n, after: $a) { nodes { number } totalCount pageInfo { hasNextPage endCursor } } }',
              { f: conditions, o: orderBy, n: first, a: after },
            );
            expect(errors).toBeUndefined();
            const page = data?.['cases'];
            expect(page.nodes.length).toBeLessThanOrEqual(first);
            seen.push(...page.nodes.map(({ number }: any) => number));
            expect(page.totalCount).toBe(expected(made, orderBy, conditions, viewer).length);
            after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
          } while (after !== null);
          expect(seen).toEqual(expected(made, orderBy, conditions, viewer));
        }),
        { numRuns: 40 },
      );

      const page = async (after?: string) =>
        (
          await world.ask(WINDOW, 'query($a: String) { cases(first: 30, after: $a) { nodes { number } pageInfo { endCursor } } }', {
            a: after,
          })
        ).data?.['cases'];
      const firstPage = await page();
      const late = world.acceptance.store.fork();
      late.create(cases, record({ ...(made[0] as Made), number: 'LATE', acceptedAt: new Date() }));
      await late.flush();
      const secondPage = await page(firstPage.pageInfo.endCursor);
      expect([...firstPage.nodes, ...secondPage.nodes].map(({ number }) => number)).toEqual(
        expected(made, 'ACCEPTED_LATEST_FIRST', {}, WINDOW),
      );

      const refused = async (args: string) =>
        (await world.ask(WINDOW, `{ cases(${args}) { nodes { number } } }`)).errors?.[0]?.extensions?.['code'];
      expect(await refused('first: 0')).toBe('BAD_USER_INPUT');
      expect(await refused('first: 201')).toBe('BAD_USER_INPUT');
      expect(await refused('after: "nonsense"')).toBe('CURSOR_INVALID');
      expect(await refused(`orderBy: PROMISED_DUE_FIRST, after: "${firstPage.pageInfo.endCursor}"`)).toBe('CURSOR_FOREIGN');
    },
  );

  test.skipIf(skip)('applications are paged latest first, and filtered', async () => {
    await using files = await open();
    let now = Date.UTC(2026, 10, 24);
    await using world = await World.open(files.url, { clock: () => new Date(now) });
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) {
      ids.unshift(await world.submitted());
      now += 1_000;
    }
    await world.accept(ids[2] as string);
    const query =
      'query($a: String, $f: ApplicationFilter) { applications(first: 2, after: $a, filter: $f) { nodes { id state case { number } } totalCount pageInfo { hasNextPage endCursor } } }';
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: any = (await world.ask(APPLICANT, query, { a: after })).data?.['applications'];
      seen.push(...page.nodes.map(({ id }: any) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(ids);
    const accepted = (await world.ask(WINDOW, query, { f: { state: 'ACCEPTED', departmentCode: 'drug', itemCode: 'permit' } })).data?.[
      'applications'
    ];
    expect(accepted).toMatchObject({ totalCount: 1, nodes: [{ id: ids[2], state: 'ACCEPTED', case: { number: expect.any(String) } }] });
    expect(await world.acceptance.store.fork().count(applications)).toBe(5);
  });
});

function record({ number, departmentCode, acceptedAt, promisedDueAt, stage, mine }: Made) {
  return {
    number,
    applicationId: number,
    departmentCode,
    itemCode: 'permit',
    channel: 'ONLINE' as const,
    materials: [],
    form: [],
    applicantSubject: mine ? subjectKey(APPLICANT.subject) : null,
    applicantKind: 'NATURAL_PERSON' as const,
    applicantName: '张三丰',
    applicantIdNumber: '11010519491231002X',
    applicantPhone: '13800005678',
    acceptedAt,
    acceptedBy: subjectKey('window-1'),
    stage,
    runningProcedures: [],
    promisedDays: 5,
    statutoryDays: 20,
    promisedDueAt,
    statutoryDueAt: null,
    dueDatesPending: promisedDueAt === null,
    dueSort: promisedDueAt ?? new Date('9999-12-31T00:00:00Z'),
    outcome: null,
    decidedAt: null,
    certificateNumber: null,
    closedAt: stage === 'DELIVERED' ? acceptedAt : null,
    progressCount: 0,
  };
}

/** The list as it must be, worked out without the store. */
function expected(made: Made[], orderBy: string, conditions: Record<string, any>, viewer: Caller): string[] {
  const due = (row: Made) => row.promisedDueAt?.getTime() ?? Number.POSITIVE_INFINITY;
  const kept = made.filter(
    (row) =>
      (viewer !== APPLICANT || row.mine) &&
      (viewer !== OFFICER || row.departmentCode === 'drug') &&
      (conditions['departmentCode'] === undefined || row.departmentCode === conditions['departmentCode']) &&
      (conditions['stage'] === undefined || row.stage === conditions['stage']) &&
      (conditions['open'] === undefined || (row.stage !== 'DELIVERED') === conditions['open']) &&
      (conditions['acceptedFrom'] === undefined || row.acceptedAt >= new Date(conditions['acceptedFrom'])) &&
      (conditions['acceptedTo'] === undefined || row.acceptedAt < new Date(conditions['acceptedTo'])),
  );
  const by = (value: (row: Made) => number) => (a: Made, b: Made) =>
    value(a) === value(b) ? (a.number < b.number ? -1 : 1) : value(a) - value(b);
  const sorted = kept.toSorted(by(orderBy === 'PROMISED_DUE_FIRST' ? due : (row) => row.acceptedAt.getTime()));
  return (orderBy === 'ACCEPTED_LATEST_FIRST' ? sorted.toReversed() : sorted).map(({ number }) => number);
}
