import { describe, expect, test, vi } from 'vitest';
import { appliedEvents, feedCursors } from '../../../../subgraphs/kit/feed/feed-tables.js';
import { LedgerReading } from '../../../../subgraphs/platform/supervision/following/ledger-reading.js';
import { alertMoves, alerts, supervisedCases } from '../../../../subgraphs/platform/supervision/store/tables.js';
import type { Supervision } from '../../../../subgraphs/platform/supervision/supervision.js';
import { caller } from '../../../support/environment.js';
import { openFiles, STORES } from '../../../support/stores.js';
import { china, inChina } from './lives.js';
import { DRUG, HOUSING, MONITOR, SupervisionWorld, WAITING } from './supervision-world.js';

const item = (id: string, at: string, details: Record<string, unknown> = {}) => ({
  id,
  kind: 'DECLARED',
  occurredAt: china(at).toISOString(),
  departmentCode: 'drug',
  itemCode: 'permit',
  state: 'ACTIVE',
  steps: [{ code: 'review', limitDays: 3 }],
  reviewRuleVersion: 2,
  ...details,
});

describe.each(STORES)('supervision on $name', ({ skip, open }) => {
  test.skipIf(skip)('follows the ledger and the catalogue, fires on time, over a restart and repeats', async () => {
    await using files = await open();
    await using world = await SupervisionWorld.open(files.url);
    const first = await world.start();
    world.items.publish(item('i-1', '2026-03-01 09:00'));
    world.tell('1', 'ACCEPTED', '2026-03-02 10:00');
    world.tell('1', 'RECEIVED', '2026-03-02 10:01');
    world.tell('1', 'STEP_STARTED', '2026-03-02 11:00', { stepCode: 'review' });
    await vi.waitFor(async () => {
      const row = await world.supervision.store.fork().findOneOrFail(supervisedCases, 'application:a-1');
      // three working days of the step, then four of five of the promised limit
      expect([row.facts.length, inChina(row.nextCheckAt as Date)]).toEqual([3, '2026-03-06 00:00']);
    }, WAITING);
    expect(await world.supervision.store.fork().count(alerts)).toBe(0);
    world.at('2026-03-06 00:00');
    await world.alertsOf('1', 2);
    await first[Symbol.asyncDispose]();

    // nobody runs while the promised limit passes; cursors are lost, so everything is told again
    world.at('2026-03-10 09:00');
    const second = await world.another({ duePoll: 60_000 });
    world.supervision = second;
    const rows = await world.alertsOf('1', 4);
    expect(rows.map(({ rule, level, state, arisenAt }) => `${rule} ${level} ${state} ${inChina(arisenAt)}`).sort()).toEqual([
      'LIMIT_NEAR REMIND LAPSED 2026-03-06 00:00',
      'PROMISED_OVERDUE YELLOW OPEN 2026-03-10 00:00',
      'STALLED YELLOW OPEN 2026-03-10 00:00',
      'STEP_OVERDUE YELLOW OPEN 2026-03-06 00:00',
    ]);
    await second[Symbol.asyncDispose]();
    const third = await world.start();
    await third.store.fork().nativeDelete(feedCursors, {});
    await third.store.fork().nativeDelete(appliedEvents, {});
    world.ledger.cut();
    world.tell('2', 'ACCEPTED', '2026-03-10 08:00');
    await vi.waitFor(async () => expect(await third.store.fork().count(supervisedCases)).toBe(2), WAITING);
    expect((await world.alertsOf('1', 4)).map(({ version }) => version)).toEqual(rows.map(({ version }) => version));
    expect((await third.store.fork().findOneOrFail(supervisedCases, 'application:a-1')).facts).toHaveLength(3);
  });

  test.skipIf(skip)('two instances fire what is due at the same moment, each alert once', { timeout: 120_000 }, async () => {
    await using files = await open();
    await using world = await SupervisionWorld.open(files.url);
    await world.start();
    await using _other = await world.another();
    const CASES = 150;
    for (let n = 0; n < CASES; n++) world.tell(`t-${n}`, 'ACCEPTED', '2026-03-02 10:00');
    const em = () => world.supervision.store.fork();
    await vi.waitFor(async () => expect(await em().count(supervisedCases)).toBe(CASES), { timeout: 60_000, interval: 20 });
    // undispatched, near, past the promise, past the law: all of it falls due for both at once
    world.at('2026-03-31 08:00');
    await vi.waitFor(async () => expect(await em().count(alerts)).toBe(4 * CASES), { timeout: 60_000, interval: 20 });
    await vi.waitFor(async () => expect(await em().count(supervisedCases, { nextCheckAt: { $ne: null } })).toBe(0), WAITING);
    const raised = await em().find(alertMoves, { kind: 'RAISED' }, { fields: ['alertId', 'ordinal'] });
    expect(new Set(raised.map(({ alertId }) => alertId)).size).toBe(raised.length);
    expect(raised).toHaveLength(4 * CASES);
    // each was told of once, too
    const told = await world.supervision.store
      .fork()
      .execute<{ n: number | string }[]>("select count(*) as n from feed_event where kind = 'RAISED'");
    expect(Number(told[0]?.n)).toBe(4 * CASES);
    const counts = (await world.data(MONITOR, '{ alertCounts { level state count } }'))['alertCounts'] as any[];
    expect(counts.sort((a, b) => a.level.localeCompare(b.level))).toEqual([
      { level: 'RED', state: 'OPEN', count: CASES },
      { level: 'YELLOW', state: 'OPEN', count: 2 * CASES },
    ]);
  });
});

describe('supervision', () => {
  test('tells of items: no review rules, an incomplete guide; settled and found again', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    await world.start();
    const states = async () =>
      (await world.supervision.store.fork().find(alerts, {}, { orderBy: { arisenAt: 'asc' } })).map(
        ({ rule, state, overAt, itemCode }) => `${rule} ${itemCode} ${state} ${overAt == null ? '' : inChina(overAt)}`,
      );
    const eventually = (expected: string[]) => vi.waitFor(async () => expect(await states()).toEqual(expected), WAITING);
    world.items.publish(item('i-1', '2026-03-02 09:00', { reviewRuleVersion: null }));
    await eventually(['REVIEW_RULES_MISSING permit OPEN ']);
    world.items.publish(item('i-2', '2026-03-02 09:30'));
    await eventually(['REVIEW_RULES_MISSING permit OPEN 2026-03-02 09:30']);
    const problem = (id: string, at: string, settled: boolean) => ({
      id,
      occurredAt: china(at).toISOString(),
      settled,
      departmentCode: 'drug',
      itemCode: 'other',
      itemName: '演示',
      reason: 'guide.fee is blank',
    });
    world.problems.publish(problem('p-1', '2026-03-02 10:00', false), problem('p-2', '2026-03-02 10:30', true));
    await eventually(['REVIEW_RULES_MISSING permit OPEN 2026-03-02 09:30', 'GUIDE_MISSING other OPEN 2026-03-02 10:30']);
    world.problems.publish(problem('p-3', '2026-03-02 11:00', false));
    await eventually([
      'REVIEW_RULES_MISSING permit OPEN 2026-03-02 09:30',
      'GUIDE_MISSING other OPEN 2026-03-02 10:30',
      'GUIDE_MISSING other OPEN ',
    ]);
  });

  test('tells once of a number that nobody gave (Art. 37), and names no case of it', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    await world.start();
    for (const at of ['2026-03-02 10:00', '2026-03-02 10:05'])
      world.tell('X-1', 'UNKNOWN_CASE_REPORTED', at, { applicationId: null, itemCode: null });
    world.unreasoned('after');
    await world.alertsOf('after', 1);
    const { alerts: page } = await world.data(
      MONITOR,
      '{ alerts(filter: {rule: OUTSIDE_PLATFORM}) { totalCount nodes { level caseNumber departmentCode case { number } } } }',
    );
    expect(page).toEqual({ totalCount: 1, nodes: [{ level: 'RED', caseNumber: 'X-1', departmentCode: 'drug', case: null }] });
  });

  test('takes back what turns out not to be so, when a department tells late', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    await world.start();
    world.tell('1', 'ACCEPTED', '2026-03-02 10:00');
    world.tell('1', 'RECEIVED', '2026-03-02 10:01');
    world.at('2026-03-10 09:00');
    await world.alertsOf('1', 3);
    world.tell('1', 'DECIDED', '2026-03-09 17:00', { outcome: 'APPROVED', reviewRuleVersion: 2 });
    await vi.waitFor(async () => {
      const rows = await world.alertsOf('1', 3);
      expect(rows.map(({ rule, state }) => `${rule} ${state}`).sort()).toEqual([
        'LIMIT_NEAR LAPSED',
        'PROMISED_OVERDUE CLEARED',
        'STALLED CLEARED',
      ]);
    }, WAITING);
  });

  test('reads on before it says what fell due: a life told long after it happened leaves nothing to be taken back', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url, '2026-05-20 09:00');
    // most of what could fall due in it was done in time
    for (let n = 1; n <= 20; n++) {
      world.tell(`${n}`, 'ACCEPTED', '2026-03-02 10:00');
      world.tell(`${n}`, 'RECEIVED', '2026-03-02 10:01');
      world.tell(`${n}`, 'DECIDED', '2026-03-10 17:00', { outcome: 'APPROVED', reviewRuleVersion: 2 });
      world.tell(`${n}`, 'DELIVERED', '2026-03-12 17:00');
    }
    await world.start();
    await world.alertsOf('20', 3);
    await vi.waitFor(async () => {
      const rows = await world.supervision.store.fork().find(alerts, {});
      const counts = Object.entries(Object.groupBy(rows, ({ rule, state }) => `${rule} ${state}`)).map(([key, of]) => [key, of?.length]);
      // what was not done in time: the promise ended on 9 March, as did five days of silence
      expect(Object.fromEntries(counts)).toEqual({ 'LIMIT_NEAR LAPSED': 20, 'PROMISED_OVERDUE OPEN': 20, 'STALLED OPEN': 20 });
    }, WAITING);
    expect(await world.supervision.store.fork().count(alertMoves, { kind: 'CLEARED' })).toBe(0);
  });

  test('a case that can not be judged is put off, and keeps no other from its alerts', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    const running = await world.start();
    for (const number of ['1', '2', '3']) world.tell(number, 'ACCEPTED', '2026-03-02 10:00');
    await vi.waitFor(
      async () => expect(await running.store.fork().count(supervisedCases, { nextCheckAt: { $ne: null } })).toBe(3),
      WAITING,
    );
    await running.store.fork().nativeUpdate(supervisedCases, { id: 'application:a-1' }, { facts: 5 as never });
    world.at('2026-03-12 09:00');
    await world.alertsOf('2', 1);
    await world.alertsOf('3', 1);
    await vi.waitFor(async () => {
      const one = await running.store.fork().findOneOrFail(supervisedCases, 'application:a-1', { fields: ['nextCheckAt'] });
      expect(one.nextCheckAt?.getTime()).toBeGreaterThan(world.time.now.getTime());
    }, WAITING);
  });

  test('what is due waits for what the ledger knew, and not for what keeps coming', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    const { store } = await world.start();
    const { clock, log, tokens } = world.environment;
    const supervision = { store, clock, log } as unknown as Supervision;
    const reading = new LedgerReading({ supervision, tokens, url: world.ledgerUrl, source: 'another reader' });
    const read = (cursor: string) => store.fork().upsert(feedCursors, { source: 'another reader', cursor, updatedAt: clock() });
    for (const number of ['1', '2', '3']) world.tell(number, 'ACCEPTED', '2026-03-02 10:00');
    expect(await reading.caughtUp()).toBe(false);
    await read('at-2');
    world.tell('4', 'ACCEPTED', '2026-03-02 10:01');
    expect(await reading.caughtUp()).toBe(false);
    await read('at-3');
    world.tell('5', 'ACCEPTED', '2026-03-02 10:02');
    expect(await reading.caughtUp()).toBe(true);
    // what has come since is for the next time
    expect(await reading.caughtUp()).toBe(false);
    await read('at-5');
    expect(await reading.caughtUp()).toBe(true);
  });

  test('judges anew by a holiday notice that the ledger tells of', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url, '2026-12-30 12:00');
    await world.start();
    world.tell('1', 'ACCEPTED', '2026-12-30 10:00');
    await vi.waitFor(async () => {
      expect(await world.supervision.store.fork().findOneOrFail(supervisedCases, 'application:a-1')).toMatchObject({ pending: true });
    }, WAITING);
    world.at('2027-01-08 00:00');
    const calendarNotice = { year: 2027, source: '国办发明电〔2026〕演示', holidays: ['2027-01-01'], workdays: [] };
    world.tell('', 'CALENDAR_NOTICE_LOADED', '2027-01-08 00:00', {
      applicationId: null,
      itemCode: null,
      caseNumber: null,
      departmentCode: '',
      calendarNotice,
    });
    // 31 December, 4, 5, 6 and 7 January are the five days of the promised limit
    const rows = await world.alertsOf('1', 3);
    expect(rows.map(({ rule, arisenAt }) => `${rule} ${inChina(arisenAt)}`).sort()).toEqual([
      'LIMIT_NEAR 2027-01-06 00:00',
      'NOT_DISPATCHED 2027-01-01 00:00',
      'PROMISED_OVERDUE 2027-01-08 00:00',
    ]);
  });
});

describe('caseAlerts', () => {
  test('brings stored events after a cursor, then live ones, without a gap or a repeat, filtered by level and department', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    await world.start();
    const { caseAlertsCursor: beginning } = await world.data(MONITOR, '{ caseAlertsCursor }');
    world.unreasoned('1');
    world.unreasoned('2', 'housing');
    world.tell('3', 'ACCEPTED', '2026-03-02 10:00');
    world.tell('3', 'DECIDED', '2026-03-02 11:00', { outcome: 'APPROVED', reviewRuleVersion: null });
    await world.alertsOf('3', 1);
    const before = await world.watched(MONITOR, 3, '', { after: beginning });
    expect(before.map(({ kind, alert }) => [kind, alert.caseNumber, alert.rule])).toEqual([
      ['RAISED', '1', 'REFUSED_WITHOUT_REASONS'],
      ['RAISED', '2', 'REFUSED_WITHOUT_REASONS'],
      ['RAISED', '3', 'DECIDED_WITHOUT_RULES'],
    ]);
    // resumed after each of them, and live from there
    const resumed = world.watched(MONITOR, 3, '', { after: before[0]?.['cursor'] });
    world.unreasoned('4', 'housing');
    expect((await resumed).map(({ alert }) => alert.caseNumber)).toEqual(['2', '3', '4']);
    await world.alertsOf('4', 1);
    const red = await world.watched(MONITOR, 3, ', level: RED', { after: beginning });
    expect(red.map(({ alert }) => alert.caseNumber)).toEqual(['1', '2', '4']);
    const housing = await world.watched(MONITOR, 2, ', departmentCode: "housing"', { after: beginning });
    expect(housing.map(({ alert }) => alert.caseNumber)).toEqual(['2', '4']);
    expect((await world.watched(HOUSING, 2, '', { after: beginning })).map(({ alert }) => alert.caseNumber)).toEqual(['2', '4']);
    // live only: what came before is not brought
    const live = world.watched(DRUG, 1);
    await vi.waitFor(async () => {
      world.unreasoned(`live-${Math.random()}`);
      const winner = await Promise.race([live.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 50))]);
      if (!winner) throw new Error('not yet');
    }, WAITING);
    expect((await live)[0]?.['alert'].caseNumber).toMatch(/^live-/);
    await expect(world.watched(HOUSING, 1, ', departmentCode: "drug"')).rejects.toThrow('FORBIDDEN');
    await expect(world.watched(caller('p', 'applicant'), 1)).rejects.toThrow('FORBIDDEN');
  });
});

describe('reading alerts', () => {
  test('a page has the gravest first; each sees what is theirs; alerts of many cases are one query', async () => {
    await using files = await openFiles();
    await using world = await SupervisionWorld.open(files.url);
    await world.start();
    world.unreasoned('1');
    world.unreasoned('2', 'housing');
    world.tell('3', 'ACCEPTED', '2026-03-02 10:00');
    world.tell('3', 'DECIDED', '2026-03-02 11:00', { outcome: 'APPROVED', reviewRuleVersion: null });
    await world.alertsOf('3', 1);
    const numbers = async (who = MONITOR, args = '') =>
      ((await world.data(who, `{ alerts${args} { nodes { caseNumber } } }`))['alerts'].nodes as any[]).map(({ caseNumber }) => caseNumber);
    expect(new Set((await numbers()).slice(0, 2))).toEqual(new Set(['1', '2']));
    expect((await numbers()).at(2)).toBe('3');
    expect(await numbers(DRUG)).toEqual(['1', '3']);
    expect(await numbers(HOUSING)).toEqual(['2']);
    expect(await numbers(MONITOR, '(filter: {level: YELLOW})')).toEqual(['3']);
    expect(await numbers(MONITOR, '(filter: {state: CLOSED})')).toEqual([]);
    expect(await numbers(MONITOR, '(filter: {caseNumber: "2", inHand: true})')).toEqual(['2']);
    const first = await world.data(MONITOR, '{ alerts(first: 2) { pageInfo { hasNextPage endCursor } nodes { id } } }');
    const second = await world.data(
      MONITOR,
      'query ($after: String) { alerts(first: 2, after: $after) { pageInfo { hasNextPage } nodes { id caseNumber } } }',
      {
        after: first['alerts'].pageInfo.endCursor,
      },
    );
    expect(second['alerts']).toMatchObject({ pageInfo: { hasNextPage: false }, nodes: [{ caseNumber: '3' }] });

    const representations = ['1', '2', '3', '4'].map((number) => ({
      __typename: 'Case',
      number,
      departmentCode: number === '2' ? 'housing' : 'drug',
    }));
    const query =
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Case { number alerts { rule moves { kind } item { code } } } } }';
    const logged: string[] = [];
    const connection = world.supervision.store.orm.em.getConnection() as unknown as { execute: (...args: unknown[]) => unknown };
    const execute = connection.execute.bind(connection);
    connection.execute = (...args: unknown[]) => {
      logged.push(String((args[0] as { sql?: string })?.sql ?? args[0]));
      return execute(...args);
    };
    const all = await world.data(MONITOR, query, { of: representations });
    connection.execute = execute;
    expect(all['_entities'].map(({ alerts }: any) => alerts.length)).toEqual([1, 1, 1, 0]);
    expect(logged.filter((sql) => /from .alert. /.test(sql))).toHaveLength(1);
    expect(logged.filter((sql) => /from .alert_move. /.test(sql))).toHaveLength(1);
    const own = await world.data(DRUG, query, { of: representations });
    expect(own['_entities'].map(({ alerts }: any) => alerts && alerts.length)).toEqual([1, null, 1, 0]);
    const applicant = await world.data(caller('p', 'applicant'), query, { of: representations });
    expect(applicant['_entities'].map(({ alerts }: any) => alerts)).toEqual([null, null, null, null]);
  });
});
