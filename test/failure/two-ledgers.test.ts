import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OfferedItem, offeredItems, openCase, received, timelineUntil } from '../support/case-work.js';
import { eventually, Graph } from '../support/graph.js';
import { PartProcess, Topology } from '../support/processes.js';
import { STORES } from '../support/stores.js';

const mariadb = STORES.find(({ name }) => name.startsWith('MariaDB')) as (typeof STORES)[number];

describe.skipIf(mariadb.skip)(`two instances of the ledger over one ${mariadb.name}`, { timeout: 180_000 }, () => {
  const stack = new AsyncDisposableStack();
  let topology: Topology;
  let second: PartProcess;
  let graph: Graph;
  let item: OfferedItem;
  let leader: () => Promise<{ pid: number; token: number }>;

  beforeAll(async () => {
    const files = stack.use(await mariadb.open());
    topology = stack.use(await Topology.start(['drug'], files.url));
    // the gateway asks the one that registered last
    second = stack.use(await PartProcess.start(['subgraph', 'acceptance'], topology.env));
    graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
    [item] = (await offeredItems(graph, ['drug'])) as [OfferedItem];
    const connection = await createConnection(`${files.url.replace(/^mariadb:/, 'mysql:')}_acceptance`);
    stack.defer(() => connection.end());
    leader = async () => {
      const [rows] = await connection.query("select holder, token from lease where name = 'acceptance'");
      const [{ holder, token }] = rows as [{ holder: string; token: number }];
      return { pid: Number(holder.split('/')[1]), token };
    };
  }, 180_000);
  afterAll(() => stack.disposeAsync());

  const startStep = (number: string) =>
    graph.data(
      'department:drug',
      'mutation ($n: ID!, $s: ID!) { startStep(departmentCode: "drug", caseNumber: $n, stepCode: $s) { number } }',
      { n: number, s: item.approvalFlow[0]?.code },
    );

  test('one that is stopped and goes on has lost its work to the other, and no event is lost or there twice', async () => {
    const first = topology.part('acceptance');
    await eventually(async () => {
      const { data } = await graph.ask('window', '{ cases(first: 1) { nodes { number } } }');
      return data ?? undefined;
    }, 'the graph answers');
    const before = await openCase(graph, item, 1);
    await received(graph, before);
    expect((await leader()).pid).toBe(first.pid);

    first.signal('SIGSTOP');
    await startStep(before);
    const during = await eventually(() => openCase(graph, item, 2).catch(() => undefined), 'the other one accepts a case');
    expect(await timelineUntil(graph, before, 'STEP_STARTED')).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED']);
    expect((await leader()).pid).toBe(second.pid);

    first.signal('SIGCONT');
    await received(graph, during);
    await startStep(during);
    expect(await timelineUntil(graph, during, 'STEP_STARTED')).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED']);
    const { token } = await leader();
    const after = await openCase(graph, item, 3);
    await received(graph, after);
    await startStep(after);
    expect(await timelineUntil(graph, after, 'STEP_STARTED')).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED']);
    expect(await leader()).toEqual({ pid: second.pid, token });
  });
});
