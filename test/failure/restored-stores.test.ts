import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OfferedItem, offeredItems, openCase, received, timelineUntil } from '../support/case-work.js';
import { eventually, Graph } from '../support/graph.js';
import { Topology } from '../support/processes.js';

const ACCEPTANCE = new URL('../../dist/gateway/main/acceptance.js', import.meta.url).pathname;

describe('stores that are restored to an earlier time', { timeout: 240_000 }, () => {
  const stack = new AsyncDisposableStack();
  let topology: Topology;
  let graph: Graph;
  let item: OfferedItem;

  beforeAll(async () => {
    topology = stack.use(await Topology.start(['drug']));
    graph = await Graph.open(() => topology.part('gateway').url, topology.directory);
    [item] = (await offeredItems(graph, ['drug'])) as [OfferedItem];
  }, 180_000);
  afterAll(() => stack.disposeAsync());

  const type = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      const env = { PATH: process.env['PATH'] ?? '', ...topology.env };
      execFile(process.execPath, [ACCEPTANCE, ...args], { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const work = (field: 'startStep' | 'finishStep', number: string) =>
    eventually(async () => {
      const { errors } = await graph.ask(
        'department:drug',
        `mutation ($n: ID!, $s: ID!) { ${field}(departmentCode: "drug", caseNumber: $n, stepCode: $s${field === 'finishStep' ? ', opinion: "符合"' : ''}) { number } }`,
        { n: number, s: item.approvalFlow[0]?.code },
      );
      return errors === undefined ? true : undefined;
    }, `${field} of ${number}`);
  const feedsOf = async (part: string): Promise<Record<string, string>> =>
    ((await (await fetch(new URL('/health/ready', topology.part(part).url))).json()) as { feeds: Record<string, string> }).feeds;
  const until = (part: string, feed: string, state: string) =>
    eventually(async () => ((await feedsOf(part))[feed] === state ? true : undefined), `${part} has ${feed} ${state}`);
  const rowsOf = (part: string, sql: string) => {
    using database = new DatabaseSync(join(topology.directory, `${part}.db`), { readOnly: true });
    return database.prepare(sql).all();
  };
  /** Events of others that had an effect here more than once. */
  const twice = () =>
    rowsOf(
      'acceptance',
      'select source_event_id from case_progress where source_event_id is not null group by source_event_id having count(*) > 1',
    );
  /** Stops a part, puts its store back, and starts it again. */
  const setBack = async (part: string, backup: string) => {
    await topology.part(part).kill('SIGTERM');
    expect(await type('store', 'restore', part, '--from', backup, '--replace')).toMatchObject({ code: 0, err: '' });
    await topology.start(part);
  };

  test('a department that was set back is noticed, read anew, and handed what it lost', async () => {
    const [before, backup] = [await openCase(graph, item, 1), join(topology.directory, 'first')];
    await received(graph, before);
    await work('startStep', before);
    await timelineUntil(graph, before, 'STEP_STARTED');
    expect(await type('store', 'backup', '--to', backup)).toMatchObject({ code: 0, err: '' });
    const lost = await openCase(graph, item, 2);
    await received(graph, lost);
    await work('finishStep', before);
    await timelineUntil(graph, before, 'STEP_FINISHED');
    await timelineUntil(graph, lost, 'RECEIVED');

    await setBack('drug', backup);
    await until('acceptance', 'department:drug', 'rewound');
    const metrics = await (await fetch(new URL('/metrics', topology.part('acceptance').url))).text();
    expect(metrics).toMatch(/^acceptance_consumer_rewound\{[^}]*source="department:drug"[^}]*\} 1$/m);
    expect(topology.part('acceptance').log.join('\n')).toContain('its store was set back, or begun anew');
    expect(await type('feed', 'status')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^acceptance +department:drug +SET BACK \(CURSOR_AHEAD\)/m),
    });
    // what happens meanwhile is not lost
    const meanwhile = await openCase(graph, item, 3);
    await received(graph, meanwhile);

    const shown = await type('feed', 'reset', 'acceptance', 'department:drug');
    expect(shown).toMatchObject({ code: 1, out: expect.stringContaining('add --yes') });
    expect(shown.out).toMatch(
      /^ {2}4 events of department:drug are known here and will be passed over\n {2}3 open cases are handed over to drug again/m,
    );
    expect(await feedsOf('acceptance')).toMatchObject({ 'department:drug': 'rewound' });
    expect(await type('feed', 'reset', 'acceptance', 'department:drug', '--yes')).toMatchObject({
      code: 0,
      out: expect.stringContaining('done'),
    });

    await until('acceptance', 'department:drug', 'followed');
    await received(graph, lost);
    // it was received a second time, and the timeline keeps both; all else is there once
    expect(await timelineUntil(graph, meanwhile, 'RECEIVED')).toEqual(['ACCEPTED', 'RECEIVED']);
    await eventually(async () => {
      const { case: row } = await graph.data('window', 'query ($n: ID!) { case(number: $n) { timeline { kind } } }', { n: lost });
      return row.timeline.length === 3 ? true : undefined;
    }, 'the lost case is received again');
    await work('finishStep', before);
    await work('startStep', lost);
    expect(await timelineUntil(graph, lost, 'STEP_STARTED')).toEqual(['ACCEPTED', 'RECEIVED', 'RECEIVED', 'STEP_STARTED']);
    await eventually(async () => {
      const { case: row } = await graph.data('window', 'query ($n: ID!) { case(number: $n) { timeline { kind } } }', { n: before });
      return row.timeline.map(({ kind }: { kind: string }) => kind).join() === 'ACCEPTED,RECEIVED,STEP_STARTED,STEP_FINISHED,STEP_FINISHED'
        ? true
        : undefined;
    }, 'what was done a second time is told once more');
    expect(twice()).toEqual([]);
    expect((await type('feed', 'reset', 'acceptance', 'department:drug', '--yes')).err).toContain('follows department:drug as it should');
    expect((await type('feed', 'status')).code).toBe(0);
  });

  test('a ledger that was set back catches up with its departments, and who follows it passes over what it knows', async () => {
    const [number, backup] = [await openCase(graph, item, 4), join(topology.directory, 'second')];
    await received(graph, number);
    await timelineUntil(graph, number, 'RECEIVED');
    expect(await type('store', 'backup', 'acceptance', '--to', backup)).toMatchObject({ code: 0, err: '' });
    await work('startStep', number);
    await work('finishStep', number);
    const whole = await timelineUntil(graph, number, 'STEP_FINISHED');
    const appliedBySupervision = () =>
      rowsOf('supervision', "select count(*) as n from feed_applied where source = 'acceptance:ledger'")[0]?.['n'];
    const events = () => rowsOf('acceptance', 'select position from feed_head')[0]?.['position'];
    const figures = () => rowsOf('supervision', 'select * from case_figure order by day, item_code, channel');
    await eventually(async () => (appliedBySupervision() === events() ? true : undefined), 'supervision has seen all');
    const [counted, seen] = [figures(), appliedBySupervision()];

    await setBack('acceptance', backup);
    // by itself: the departments' feeds have it all
    expect(await timelineUntil(graph, number, 'STEP_FINISHED')).toEqual(whole);
    const state = async () => (await feedsOf('supervision'))['acceptance:ledger'];
    await eventually(async () => ((await state()) !== undefined ? true : undefined), 'supervision answers');
    // what it knows by its id stands in the ledger's feed again, at the same place
    await eventually(async () => (appliedBySupervision() === seen && events() === seen ? true : undefined), 'nothing is there twice');
    expect(figures()).toEqual(counted);
    const next = await openCase(graph, item, 5);
    await eventually(async () => {
      if ((await state()) === 'rewound') await type('feed', 'reset', 'supervision', 'acceptance:ledger', '--yes');
      return Number(appliedBySupervision()) === Number(events()) && Number(events()) > Number(seen) ? true : undefined;
    }, 'supervision follows');
    await received(graph, next);
    expect(twice()).toEqual([]);
  });

  test('a department that lost its store is followed from its new beginning', async () => {
    const number = await openCase(graph, item, 6);
    await received(graph, number);
    await timelineUntil(graph, number, 'RECEIVED');
    await topology.part('drug').kill('SIGTERM');
    await topology.start('drug', { STORE_URL: `file:${join(topology.directory, 'anew')}` });
    await until('acceptance', 'department:drug', 'rewound');
    expect((await type('feed', 'status', 'acceptance')).out).toContain('CURSOR_FOREIGN');
    expect(await type('feed', 'reset', 'acceptance', 'department:drug', '--yes')).toMatchObject({ code: 0 });
    await until('acceptance', 'department:drug', 'followed');
    await work('startStep', number);
    expect(await timelineUntil(graph, number, 'STEP_STARTED')).toEqual(['ACCEPTED', 'RECEIVED', 'RECEIVED', 'STEP_STARTED']);
    expect(twice()).toEqual([]);
  });
});
