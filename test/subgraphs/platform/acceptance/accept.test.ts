import { describe, expect, test, vi } from 'vitest';
import { publishedNotices } from '../../../../subgraphs/kit/calendar/holiday-notice.js';
import { WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import { feedEvents } from '../../../../subgraphs/kit/feed/feed-tables.js';
import { isCaseNumber } from '../../../../subgraphs/platform/acceptance/rules/case-number.js';
import { cases, departments, dispatches, progress } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../support/environment.js';
import { openFiles, STORES } from '../../../support/stores.js';
import { APPLICANT, INPUT, WAITING, WINDOW, World } from './world.js';

const counts = (numbers: string[]) => numbers.map((number) => Number(number.slice(-7, -1))).sort((a, b) => a - b);

describe.each(STORES)('accepting on $name', ({ skip, open }) => {
  test.skipIf(skip)('twenty at once get numbers without a gap or a repeat, per department', async () => {
    await using files = await open();
    await using world = await World.open(files.url, { clock: () => new Date('2026-11-24T16:30:00Z') });
    await world.start();
    for (const code of ['drug', 'drugstore']) {
      await world.department(code);
      await world.known(code);
    }
    const ids = [];
    for (let n = 0; n < 20; n++) ids.push(await world.submitted(APPLICANT, { departmentCode: n % 4 === 3 ? 'drugstore' : 'drug' }));
    const answers = await Promise.all(ids.map((id) => world.accept(id)));
    const accepted = answers.map((answer) => answer.data?.['acceptApplication'].case as { number: string; departmentCode: string });
    const of = (code: string) => accepted.filter(({ departmentCode }) => departmentCode === code).map(({ number }) => number);
    expect(counts(of('drug'))).toEqual(Array.from({ length: 15 }, (_, n) => n + 1));
    expect(counts(of('drugstore'))).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(accepted.map(({ number }) => number)).size).toBe(20);
    // half past midnight in Henan
    expect(accepted.every(({ number }) => isCaseNumber(number) && number.includes('20261125'))).toBe(true);
    const letters = (await world.acceptance.store.fork().find(departments, {}, { orderBy: { code: 'asc' } })).map((row) => row.letters);
    expect(letters).toEqual(['DRUG', 'DRUS']);
  });

  test.skipIf(skip)('two windows that accept the same application see the one case', async () => {
    await using files = await open();
    await using world = await World.open(files.url);
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const id = await world.submitted();
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => world.accept(id, caller(`window-${n}`, 'window'))));
    expect(new Set(answers.map(({ data }) => data?.['acceptApplication'].case.number)).size).toBe(1);
    const em = world.acceptance.store.fork();
    expect(await em.count(cases)).toBe(1);
    expect(await em.count(dispatches)).toBe(1);
    expect(await em.count(progress, { kind: 'ACCEPTED' })).toBe(1);
    const [event] = await em.find(feedEvents, { kind: 'ACCEPTED' });
    // facts for the platform's followers, and nothing of a person
    expect(Object.keys(event?.payload ?? {}).sort()).toEqual(
      [
        ['stage', 'itemCode', 'ordinal', 'channel', 'promisedDays', 'statutoryDays', 'applicationId', 'recordedAt', 'submittedAt'],
        ['stepCode', 'stepKind', 'procedureKind', 'expectedDays', 'extensionDays', 'outcome', 'hasReasons', 'reviewRuleVersion'],
        ['certificateNumber', 'deliveryChannel'],
      ]
        .flat()
        .sort(),
    );
  });
});

describe('accepting', () => {
  test('is for windows, and for applications there are', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const id = await world.submitted();
    expect((await world.accept(id, APPLICANT)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await world.accept(id, caller('n'))).errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await world.accept('nothing')).errors).toMatchObject([
      { extensions: { code: 'APPLICATION_NOT_FOUND', field: 'applicationId' } },
    ]);
  });

  test('works while the registry, the catalogue and the department are down, also after a start without them', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    await drug.down();
    await world.platformDown();
    const before = await world.accepted('drug');
    await world.acceptance[Symbol.asyncDispose]();
    await world.start();
    const after = await world.accepted('drug');
    expect(counts([before, after])).toEqual([1, 2]);
    // and both get there once the department is back
    await drug.up();
    await vi.waitFor(() => expect([...drug.received.keys()].sort()).toEqual([before, after].sort()), WAITING);
  });

  const DATES = 'query($number: ID!) { case(number: $number) { promisedDueAt statutoryDueAt dueDatesPending promisedDays statutoryDays } }';

  test('counts limits in working days: five after 13 February 2026 end on the 27th', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url, { clock: () => new Date('2026-02-13T08:00:00Z') });
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    expect((await world.ask(WINDOW, DATES, { number })).data?.['case']).toEqual({
      promisedDays: 5,
      statutoryDays: 20,
      promisedDueAt: '2026-02-27T15:59:59.999Z',
      statutoryDueAt: '2026-03-19T15:59:59.999Z',
      dueDatesPending: false,
    });
  });

  test('leaves a date open that no calendar covers, and fills it in at the first start with one that does', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url, { clock: () => new Date('2026-12-20T02:00:00Z') });
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    expect((await world.ask(WINDOW, DATES, { number })).data?.['case']).toMatchObject({
      promisedDueAt: '2026-12-25T15:59:59.999Z',
      statutoryDueAt: null,
      dueDatesPending: true,
    });
    await vi.waitFor(
      () => expect(drug.received.get(number)).toMatchObject({ statutoryDueAt: null, promisedDueAt: '2026-12-25T15:59:59.999Z' }),
      WAITING,
    );

    await world.acceptance[Symbol.asyncDispose]();
    const notice = { year: 2027, source: 'test', holidays: ['2027-01-01'], workdays: [] };
    await world.start({ calendar: new WorkingCalendar([...publishedNotices(), notice]) });
    expect((await world.ask(WINDOW, DATES, { number })).data?.['case']).toMatchObject({
      statutoryDueAt: '2027-01-18T15:59:59.999Z',
      dueDatesPending: false,
    });
  });

  test('hands the department all that the contract asks for', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url, { clock: () => new Date('2026-11-24T01:00:00Z') });
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    await vi.waitFor(() => expect(drug.received.size).toBe(1), WAITING);
    expect(drug.received.get(number)).toMatchObject({
      number,
      departmentCode: 'drug',
      itemCode: 'permit',
      acceptedAt: '2026-11-24T01:00:00.000Z',
      applicant: INPUT.applicant,
      materials: [
        { code: 'form', name: '申请表', source: 'ELECTRONIC', contentHash: 'sha256:abc', url: 'https://files.example/form.pdf' },
        { code: 'plan', name: '平面图', source: 'PAPER', contentHash: null, url: null },
        { code: 'licence', name: '营业执照', source: 'SHARED', contentHash: null, url: null },
      ],
      form: INPUT.form,
      promisedDays: 5,
      statutoryDays: 20,
    });
  });

  test('registers the ledger with the registry', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    await vi.waitFor(() => expect(world.registered).toMatchObject([{ name: 'acceptance', url: world.acceptance.url }]), WAITING);
    expect(world.registered[0]?.['sdl']).toContain('type Case');
  });
});
