import { pino } from 'pino';
import { describe, expect, test, vi } from 'vitest';
import { publishedNotices } from '../../../../../subgraphs/kit/calendar/holiday-notice.js';
import { WorkingCalendar } from '../../../../../subgraphs/kit/calendar/working-calendar.js';
import { feedEvents } from '../../../../../subgraphs/kit/feed/feed-tables.js';
import { startAcceptance } from '../../../../../subgraphs/platform/acceptance/index.js';
import { applications, cases } from '../../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../../support/environment.js';
import { openFiles, STORES } from '../../../../support/stores.js';
import { QUICK, WAITING, type World } from '../world.js';
import {
  APPLICANT,
  codeOf,
  correction,
  handle,
  handled,
  notice,
  openHandling,
  readApplication,
  refusal,
  WINDOW,
} from './handling-world.js';

/** Five working days after Tuesday, 24 November 2026: Tuesday, 1 December (Administrative Licensing Law, Art. 32). */
const HANDED_IN = '2026-11-24T01:00:00.000Z';
const DUE = '2026-12-01T15:59:59.999Z';
const JUST_BEFORE = new Date(DUE);
const JUST_AFTER = new Date('2026-12-01T16:00:00.000Z');

const state = async (world: World, id: string) => (await world.acceptance.store.fork().findOneOrFail(applications, id)).state;
const accepted = (world: World, id: string) => vi.waitFor(async () => expect(await state(world, id)).toBe('ACCEPTED'), WAITING);

describe.each(STORES)('what nobody answers in time on $name', ({ skip, open }) => {
  test.skipIf(skip)('is accepted as of its receipt, so that its limits run from there, and once with several instances', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, HANDED_IN);
    const { world, time } = it;
    const { registry, catalog } = world.startOptions;
    await using _second = await startAcceptance({ ...world.environment, registry }, { catalog, timing: QUICK });
    await using _third = await startAcceptance({ ...world.environment, registry }, { catalog, timing: QUICK });
    const ids = [];
    for (let n = 0; n < 5; n++) ids.push(await world.submitted());
    expect((await readApplication(world, ids[0] as string)).deemedDueAt).toBe(DUE);
    time.now = JUST_BEFORE;
    const answered = await world.submitted();
    expect((await readApplication(world, answered)).deemedDueAt).toBe('2026-12-08T15:59:59.999Z');
    expect(await state(world, ids[0] as string)).toBe('SUBMITTED');

    time.now = JUST_AFTER;
    for (const id of ids) await accepted(world, id);
    expect(await state(world, answered)).toBe('SUBMITTED');
    const em = world.acceptance.store.fork();
    expect(await em.count(cases)).toBe(5);
    expect(await em.count(feedEvents, { kind: 'APPLICATION_DEEMED_ACCEPTED' })).toBe(5);
    expect(await em.count(feedEvents, { kind: 'ACCEPTED' })).toBe(5);
    for (const id of ids) {
      const { case: made, history } = await readApplication(world, id);
      // five working days of promise from the day of receipt: they end with the notice's own
      expect(made).toMatchObject({ acceptedAt: HANDED_IN, promisedDueAt: DUE });
      expect(made.number).toContain('20261124');
      expect(history.at(-1)).toEqual({ kind: 'APPLICATION_DEEMED_ACCEPTED', occurredAt: DUE });
    }
    // and it reaches the department like any other
    await vi.waitFor(() => expect(it.drug.received.size).toBe(5), WAITING);
  });

  test.skipIf(skip)('is accepted right after a restart that slept through the day', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, HANDED_IN);
    const { world, time } = it;
    const id = await world.submitted();
    await world.acceptance[Symbol.asyncDispose]();
    time.now = new Date('2026-12-20T01:00:00Z');
    // nothing but the start wakes it
    await world.start({}, { timerPoll: 3_600_000 });
    await accepted(world, id);
    expect((await readApplication(world, id)).case.acceptedAt).toBe(HANDED_IN);
  });
});

describe('what nobody answers in time', () => {
  test('is accepted though others before it can be neither read nor accepted, also after a restart', async () => {
    await using files = await openFiles();
    const logged: string[] = [];
    await using it = await openHandling(files.url, HANDED_IN, { log: pino({}, { write: (line: string) => void logged.push(line) }) });
    const { world, time } = it;
    const ids: string[] = [];
    // more than are looked at at once
    for (let n = 0; n < 51; n++) {
      ids.push(await world.submitted());
      time.now = new Date(time.now.getTime() + 1);
    }
    const last = await world.submitted();
    const em = world.acceptance.store.fork();
    await em.execute("update application set applicant_name = 'pd1.a.gone.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' where id <> ?", [last]);
    await em.execute('update application set deemed_due_at = null where id = ?', [ids[0]]);
    await world.acceptance[Symbol.asyncDispose]();
    time.now = JUST_AFTER;
    await world.start();
    await accepted(world, last);
    const states = await world.acceptance.store.fork().execute('select state, deemed_due_at as due from application where id <> ?', [last]);
    expect(states).toHaveLength(51);
    for (const row of states) expect(row).toMatchObject({ state: 'SUBMITTED', due: expect.anything() });
    expect(logged.join('')).toContain('unexpected error');
  });

  test.each(STORES)('moves with a notice that is loaded or mended, here and in the inbox, on $name', async ({ skip, open }) => {
    if (skip) return;
    await using files = await open();
    await using it = await openHandling(files.url, '2026-12-29T01:00:00.000Z');
    const { world } = it;
    const id = await world.submitted();
    const due = async () => {
      const { data } = await world.ask(WINDOW, '{ inbox(first: 5) { nodes { dueAt application { id deemedDueAt } } } }');
      return data?.['inbox'].nodes.map((node: any) => [node.application.id, node.application.deemedDueAt, node.dueAt]);
    };
    await vi.waitFor(async () => expect(await due()).toEqual([[id, null, '2026-12-31T15:59:59.999Z']]), WAITING);
    const load = (holidays: string[]) =>
      world.ask(caller('bureau-1', 'bureau'), 'mutation($input: HolidayNoticeInput!) { loadHolidayNotice(input: $input) { year } }', {
        input: { year: 2027, source: '演示通知', holidays, workdays: [] },
      });
    // 30 and 31 December, 4, 5 and 6 January
    await load(['2027-01-01']);
    await vi.waitFor(async () => expect(await due()).toMatchObject([[id, '2027-01-06T15:59:59.999Z', expect.anything()]]), WAITING);
    await load(['2027-01-01', '2027-01-04', '2027-01-05']);
    await vi.waitFor(async () => expect(await due()).toMatchObject([[id, '2027-01-08T15:59:59.999Z', expect.anything()]]), WAITING);
  });

  test('is accepted before anything else is done with it, though the timer sleeps', async () => {
    await using files = await openFiles();
    await using it = await openHandling(files.url, HANDED_IN);
    const { world, time } = it;
    await world.acceptance[Symbol.asyncDispose]();
    await world.start({}, { timerPoll: 3_600_000 });
    const ids = [];
    for (let n = 0; n < 4; n++) ids.push(await world.submitted());
    // the timer looked when these came and sleeps until they are due by its own clock, which the test moves
    time.now = JUST_AFTER;
    const [a, b, c, d] = ids as [string, string, string, string];
    expect(codeOf(await handle(world, 'giveNotice', notice(a)))).toBe('APPLICATION_DECIDED');
    expect(codeOf(await handle(world, 'refuseAcceptance', refusal(b)))).toBe('APPLICATION_DECIDED');
    expect(codeOf(await handle(world, 'withdrawApplication', { applicationId: c }, APPLICANT))).toBe('APPLICATION_DECIDED');
    expect((await world.accept(d)).errors).toBeUndefined();
    for (const id of ids) expect((await readApplication(world, id)).case.acceptedAt).toBe(HANDED_IN);
    expect(await world.acceptance.store.fork().count(cases)).toBe(4);
  });

  test('a notice stops it, a correction is received anew', async () => {
    await using files = await openFiles();
    await using it = await openHandling(files.url, HANDED_IN);
    const { world, time } = it;
    const id = await world.submitted();
    await handled(world, 'giveNotice', notice(id));
    expect((await readApplication(world, id)).deemedDueAt).toBeNull();
    time.now = new Date('2026-12-15T02:00:00.000Z');
    expect(await state(world, id)).toBe('NOTICE_GIVEN');
    await handled(world, 'correctApplication', correction(id), APPLICANT);
    expect((await readApplication(world, id)).deemedDueAt).toBe('2026-12-22T15:59:59.999Z');
    time.now = new Date('2026-12-23T02:00:00.000Z');
    await accepted(world, id);
    expect((await readApplication(world, id)).case.acceptedAt).toBe('2026-12-15T02:00:00.000Z');
  });

  test.each<[string, boolean, string, boolean]>([
    // Art. 17: on the spot is the day itself, complex ones have 2 working days; 28 and 29 November are a weekend
    ['on the spot', false, '2026-11-26T15:59:00.000Z', false],
    ['the day after', false, '2026-11-27T01:00:00.000Z', true],
    ['a complex one two working days later', true, '2026-11-30T15:59:59.999Z', false],
    ['a complex one three working days later', true, '2026-11-30T16:00:00.000Z', true],
  ])('a notice %s is late: %s', async (_what, complex, givenAt, late) => {
    await using files = await openFiles();
    await using it = await openHandling(files.url, '2026-11-26T01:00:00.000Z');
    const id = await it.world.submitted();
    it.time.now = new Date(givenAt);
    const told = await handled(it.world, 'giveNotice', notice(id, { complex }));
    expect(told.notices).toMatchObject([{ complex, late, dueAt: complex ? '2026-11-30T15:59:59.999Z' : '2026-11-26T15:59:59.999Z' }]);
  });

  test('a day that no calendar reaches is never guessed, and settled at the first start that knows it', async () => {
    await using files = await openFiles();
    await using it = await openHandling(files.url, '2026-12-29T01:00:00.000Z');
    const { world, time } = it;
    const id = await world.submitted();
    expect((await readApplication(world, id)).deemedDueAt).toBeNull();
    await world.acceptance[Symbol.asyncDispose]();
    const official = { year: 2027, source: 'test', holidays: ['2027-01-01'], workdays: [] };
    const calendar = new WorkingCalendar([...publishedNotices(), official]);
    await world.start({ calendar });
    // 30 and 31 December, 4, 5 and 6 January
    expect((await readApplication(world, id)).deemedDueAt).toBe('2027-01-06T15:59:59.999Z');
    time.now = new Date('2027-01-07T00:00:00.000Z');
    await accepted(world, id);
    expect(await state(world, id)).toBe('ACCEPTED');
  });
});
