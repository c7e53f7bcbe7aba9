import { afterAll, beforeAll, expect, test } from 'vitest';
import { completeApplication, type OfferedItem, offeredItems, received } from '../support/case-work.js';
import { eventually, Graph } from '../support/graph.js';
import { Topology } from '../support/processes.js';

const stack = new AsyncDisposableStack();
let topology: Topology;
let graph: Graph;
let item: OfferedItem;

beforeAll(async () => {
  topology = stack.use(await Topology.start(['drug']));
  graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
  item = (await offeredItems(graph, ['drug'])).find(({ departmentCode }) => departmentCode === 'drug') as OfferedItem;
}, 180_000);
afterAll(() => stack.disposeAsync());

const WATCH = `subscription ($after: Cursor) { caseAlerts(level: YELLOW, after: $after) {
  cursor kind alert { id rule state version caseNumber department { name } item { name } case { number stage } }
} }`;

test('a second notice is found, watched live, corrected, and kept over the death of supervision, all through the gateway', async () => {
  const input = completeApplication(item, 31);
  const applicationId = await eventually(async () => {
    const { data } = await graph.ask(
      'applicant',
      'mutation ($input: SubmitApplicationInput!) { submitApplication(input: $input) { application { id } } }',
      { input },
    );
    return data?.['submitApplication']?.application.id as string | undefined;
  }, 'the application is taken');
  const { caseAlertsCursor: beginning } = await graph.data('monitor', '{ caseAlertsCursor }');
  await using watching = await graph.subscribe('monitor', WATCH, { after: beginning });
  const [material] = input.materials;
  for (const n of [1, 2]) {
    await graph.data('window', 'mutation ($input: GiveNoticeInput!) { giveNotice(input: $input) { application { id } } }', {
      input: {
        applicationId,
        clientRequestId: `notice-${n}`,
        items: [{ materialCode: material?.code, problem: '未加盖公章', remedy: '加盖公章后重新上传' }],
      },
    });
    await graph.data(
      'applicant',
      'mutation ($input: CorrectApplicationInput!) { correctApplication(input: $input) { application { id } } }',
      {
        input: { applicationId, clientRequestId: `correction-${n}`, form: [], materials: [material] },
      },
    );
  }
  const { value } = await watching.events.next();
  const raised = value?.data?.['caseAlerts'];
  expect(raised).toMatchObject({
    kind: 'RAISED',
    alert: { rule: 'SECOND_NOTICE', state: 'OPEN', caseNumber: null, case: null, item: { name: item.name } },
  });
  expect(raised.alert.department.name).toMatch(/^河南省/);

  const { acceptApplication } = await graph.data(
    'window',
    'mutation ($input: AcceptApplicationInput!) { acceptApplication(input: $input) { case { number } } }',
    { input: { applicationId } },
  );
  const { number } = acceptApplication.case;
  await received(graph, number);
  const alertsOfCase = (role: string) =>
    graph.ask(role, 'query ($number: ID!) { case(number: $number) { number alerts { id rule case { number stage } } } }', { number });
  const seen = await eventually(async () => {
    const { data } = await alertsOfCase('monitor');
    return data?.['case']?.alerts?.length === 1 ? data['case'] : undefined;
  }, 'the case has its alert');
  expect(seen.alerts[0]).toMatchObject({ id: raised.alert.id, case: { number } });
  // whose case it is does not see what supervision makes of it
  expect((await alertsOfCase('applicant')).data?.['case']).toEqual({ number, alerts: null });

  await topology.part('supervision').kill();
  await topology.subgraph('supervision');
  const order = await eventually(async () => {
    const { data } = await graph.ask(
      'monitor',
      'mutation ($input: IssueCorrectionOrderInput!) { issueCorrectionOrder(input: $input) { alert { state version orderDueAt } } }',
      { input: { id: raised.alert.id, version: (await version(raised.alert.id)) ?? 0, demand: '说明二次告知的原因', days: 5 } },
    );
    return data?.['issueCorrectionOrder']?.alert;
  }, 'supervision is back');
  expect(order.state).toBe('CORRECTION_ORDERED');
  const { replyToCorrectionOrder } = await graph.data(
    'department:drug',
    'mutation ($input: ReplyToCorrectionOrderInput!) { replyToCorrectionOrder(input: $input) { alert { state } } }',
    { input: { id: raised.alert.id, version: order.version, reply: '已对窗口人员培训' } },
  );
  expect(replyToCorrectionOrder.alert.state).toBe('REPLIED');
  // the watcher did not notice that supervision was away
  const kinds: string[] = [];
  while (kinds.at(-1) !== 'REPLIED') kinds.push((await watching.events.next()).value?.data?.['caseAlerts'].kind);
  expect(kinds).toEqual(['CORRECTION_ORDERED', 'REPLIED']);

  const figures = await eventually(async () => {
    const { data } = await graph.ask(
      'centre',
      'query ($input: CaseFiguresInput!) { caseFigures(input: $input) { total { accepted } today { accepted inHand } } }',
      { input: { from: '2026-01-01', to: '2026-12-31', departmentCode: 'drug' } },
    );
    return data?.['caseFigures'] ?? undefined;
  }, 'figures');
  expect(figures).toEqual({ total: { accepted: 1 }, today: { accepted: 1, inHand: 1 } });
}, 180_000);

async function version(id: string): Promise<number | undefined> {
  const { data } = await graph.ask('monitor', 'query ($id: ID!) { alert(id: $id) { version } }', { id });
  return data?.['alert']?.version;
}
