import { describe, expect, test, vi } from 'vitest';
import { feedEvents } from '../../../../subgraphs/kit/feed/feed-tables.js';
import { caller } from '../../../support/environment.js';
import { STORES } from '../../../support/stores.js';
import { APPLICANT, WAITING, WINDOW, World } from './world.js';

const OFFICER = caller('officer-1', 'department:drug');
const BUREAU = caller('bureau-1', 'bureau');
const PLATFORM = caller('platform:supervision', 'platform');

const CLOCKS = `query($number: ID!) { case(number: $number) { promisedDueAt statutoryDueAt dueDatesPending
  clocks { kind stepCode state limitDays extendedDays elapsedDays remainingDays dueAt pending pauses { from to procedures } } } }`;
const INBOX =
  '{ inbox(first: 10) { nodes { kind dueAt stepCode stepName departmentCode case { number } application { id } } totalCount } inboxCounts { total overdue byKind { kind waiting } } }';

async function world(url: string, now: { at: string }): Promise<World> {
  const opened = await World.open(url, { clock: () => new Date(now.at) });
  await opened.start();
  await opened.department('drug');
  await opened.known('drug');
  return opened;
}

const caseOf = async (of: World, number: string) => {
  const { data, errors } = await of.ask(WINDOW, CLOCKS, { number });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data?.['case'] as Record<string, any>;
};
const clockOf = (found: Record<string, any>, kind: string) => found['clocks'].find((clock: any) => clock.kind === kind);

describe.each(STORES)('time in the ledger on $name', ({ skip, open }) => {
  test.skipIf(skip)('a special procedure stops the limits, its end and an extension move them, and a clock tells how', async () => {
    await using files = await open();
    const now = { at: '2026-11-02T02:00:00.000Z' };
    await using of = await world(files.url, now);
    const drug = of.departments.get('drug');
    if (drug === undefined) throw new Error('no department');
    const number = await of.accepted('drug');
    // 5 working days from Monday 11-02
    expect(await caseOf(of, number)).toMatchObject({
      promisedDueAt: '2026-11-09T15:59:59.999Z',
      statutoryDueAt: '2026-11-30T15:59:59.999Z',
    });
    const tell = async (kind: string, occurredAt: string, detail: Record<string, unknown>) => {
      drug.tell(number, kind, { occurredAt, ...detail });
      await vi.waitFor(async () => {
        const { data } = await of.ask(WINDOW, 'query($number: ID!) { case(number: $number) { timeline { kind } } }', { number });
        expect(data?.['case'].timeline.map((entry: any) => entry.kind)).toContain(kind);
      }, WAITING);
    };
    await tell('STEP_STARTED', '2026-11-03T02:00:00.000Z', {
      step: { code: 'review', name: '审查', kind: 'COMPLIANCE_REVIEW', startedAt: '2026-11-03T02:00:00.000Z' },
    });
    await tell('SPECIAL_PROCEDURE_STARTED', '2026-11-04T02:00:00.000Z', {
      specialProcedure: { kind: 'HEARING', startedAt: '2026-11-04T02:00:00.000Z', expectedDays: 5, reason: '听证' },
    });
    now.at = '2026-11-05T02:00:00.000Z';
    const paused = await caseOf(of, number);
    expect(paused).toMatchObject({ promisedDueAt: null, statutoryDueAt: null, dueDatesPending: false });
    expect(clockOf(paused, 'PROMISED')).toMatchObject({ state: 'PAUSED', elapsedDays: 1, remainingDays: 4, dueAt: null });
    expect(clockOf(paused, 'STEP')).toMatchObject({ stepCode: 'review', limitDays: 3, state: 'PAUSED' });
    await tell('SPECIAL_PROCEDURE_FINISHED', '2026-11-06T02:00:00.000Z', {
      specialProcedure: { kind: 'HEARING', startedAt: '2026-11-04T02:00:00.000Z', finishedAt: '2026-11-06T02:00:00.000Z', reason: '听证' },
    });
    await tell('EXTENDED', '2026-11-09T02:00:00.000Z', {
      extension: { days: 2, reason: '案情复杂', decidedAt: '2026-11-09T02:00:00.000Z' },
    });
    // two days excluded: 11-03, 06, 09, 10, 11, and 12, 13 of the extension
    const moved = await caseOf(of, number);
    expect(moved).toMatchObject({ promisedDueAt: '2026-11-13T15:59:59.999Z', statutoryDueAt: '2026-12-04T15:59:59.999Z' });
    expect(clockOf(moved, 'PROMISED')).toMatchObject({
      extendedDays: 2,
      pauses: [{ from: '2026-11-04T02:00:00.000Z', to: '2026-11-06T02:00:00.000Z', procedures: ['HEARING'] }],
    });
    await tell('DECIDED', '2026-11-16T02:00:00.000Z', {
      decision: {
        outcome: 'APPROVED',
        decidedAt: '2026-11-16T02:00:00.000Z',
        reasons: '符合条件',
        reviewRuleVersion: 3,
        seal: '审批专用章',
      },
    });
    now.at = '2026-11-17T02:00:00.000Z';
    const decided = await caseOf(of, number);
    expect([clockOf(decided, 'PROMISED').state, clockOf(decided, 'STATUTORY').state, clockOf(decided, 'DELIVERY').dueAt]).toEqual([
      'MISSED',
      'MET',
      '2026-11-30T15:59:59.999Z',
    ]);

    // what the platform's followers learn, page by page and live alike
    const FIELDS =
      'id cursor kind departmentCode itemCode caseNumber applicationId channel submittedAt promisedDays statutoryDays stepCode stepKind procedureKind expectedDays extensionDays outcome hasReasons reviewRuleVersion';
    const { data } = await of.ask(PLATFORM, `{ ledgerEventPage(first: 50) { ${FIELDS} } }`);
    const events: Record<string, any>[] = data?.['ledgerEventPage'];
    expect(events[0]).toMatchObject({ kind: 'APPLICATION_SUBMITTED', caseNumber: null, channel: 'ONLINE' });
    const told = (kind: string) => events.find((event) => event['kind'] === kind);
    expect(told('ACCEPTED')).toMatchObject({
      caseNumber: number,
      applicationId: events[0]?.['applicationId'],
      submittedAt: '2026-11-02T02:00:00.000Z',
      promisedDays: 5,
      statutoryDays: 20,
    });
    expect(told('STEP_STARTED')).toMatchObject({ stepCode: 'review', stepKind: 'COMPLIANCE_REVIEW' });
    expect(told('SPECIAL_PROCEDURE_STARTED')).toMatchObject({ procedureKind: 'HEARING', expectedDays: 5 });
    expect(told('EXTENDED')).toMatchObject({ extensionDays: 2 });
    expect(told('DECIDED')).toMatchObject({ outcome: 'APPROVED', hasReasons: true, reviewRuleVersion: 3 });
    expect(JSON.stringify(events)).not.toMatch(/张三丰|符合条件|听证|13800005678/);
    // events from before they carried facts are read from the timeline
    const em = of.acceptance.store.fork();
    for (const row of await em.find(feedEvents, { kind: 'EXTENDED' })) row.payload = { stage: 'IN_REVIEW', itemCode: 'permit', ordinal: 1 };
    await em.flush();
    const again = await of.ask(PLATFORM, `{ ledgerEventPage(first: 50) { ${FIELDS} } }`);
    expect(again.data?.['ledgerEventPage']).toEqual(events);
    for (const who of [WINDOW, OFFICER, APPLICANT, BUREAU]) {
      expect((await of.ask(who, '{ ledgerEventPage { id } }')).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    }
  });

  test.skipIf(skip)('an official notice is in force at once, after a restart too, and due dates are worked out anew', async () => {
    await using files = await open();
    const now = { at: '2026-12-28T02:00:00.000Z' };
    await using of = await world(files.url, now);
    const number = await of.accepted('drug');
    expect(await caseOf(of, number)).toMatchObject({ promisedDueAt: null, dueDatesPending: true });
    // an example, not the real notice
    const LOAD = 'mutation($input: HolidayNoticeInput!) { loadHolidayNotice(input: $input) { year coveredYears } }';
    const input = { year: 2027, source: '演示通知', holidays: ['2027-01-01'], workdays: ['2027-01-02'] };
    for (const who of [WINDOW, OFFICER, caller('m', 'monitor')]) {
      expect((await of.ask(who, LOAD, { input })).errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    }
    for (const wrong of [
      { ...input, year: 2028 },
      { ...input, workdays: ['2027-01-04'] },
      { ...input, workdays: ['2027-01-01'] },
    ]) {
      expect((await of.ask(BUREAU, LOAD, { input: wrong })).errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    }
    expect((await of.ask(BUREAU, LOAD, { input })).data?.['loadHolidayNotice']).toMatchObject({
      year: 2027,
      coveredYears: expect.arrayContaining([2026, 2027]),
    });
    // 12-29, 30, 31, 01-02, 01-04
    await vi.waitFor(
      async () => expect(await caseOf(of, number)).toMatchObject({ promisedDueAt: '2027-01-04T15:59:59.999Z', dueDatesPending: false }),
      WAITING,
    );
    await vi.waitFor(
      async () => expect((await of.ask(OFFICER, INBOX)).data?.['inbox'].nodes[0].dueAt).toBe('2027-01-04T15:59:59.999Z'),
      WAITING,
    );
    // a notice that is mended replaces it, for cases that had their dates too
    await of.ask(BUREAU, LOAD, { input: { ...input, workdays: [] } });
    await vi.waitFor(async () => expect(await caseOf(of, number)).toMatchObject({ promisedDueAt: '2027-01-05T15:59:59.999Z' }), WAITING);
    await of.acceptance[Symbol.asyncDispose]();
    await of.start();
    expect((await of.ask(BUREAU, '{ calendarYears }')).data?.['calendarYears']).toContain(2027);
    const { data } = await of.ask(PLATFORM, '{ ledgerEventPage { kind calendarNotice { year holidays workdays } } }');
    expect(
      data?.['ledgerEventPage']
        .filter(({ kind }: any) => kind === 'CALENDAR_NOTICE_LOADED')
        .map((event: any) => event.calendarNotice.workdays),
    ).toEqual([['2027-01-02'], []]);
  });

  test.skipIf(skip)('work on a case that was never accepted is refused, and told on', async () => {
    await using files = await open();
    await using of = await world(files.url, { at: '2026-11-24T02:00:00.000Z' });
    of.departments
      .get('drug')
      ?.tell('410000XX20261124000001A', 'DELIVERED', { delivery: { channel: 'COURIER', deliveredAt: '2026-11-24T02:00:00.000Z' } });
    await vi.waitFor(async () => {
      const { data } = await of.ask(PLATFORM, '{ ledgerEventPage { kind departmentCode caseNumber } }');
      expect(data?.['ledgerEventPage']).toEqual([
        { kind: 'UNKNOWN_CASE_REPORTED', departmentCode: 'drug', caseNumber: '410000XX20261124000001A' },
      ]);
    }, WAITING);
    // and nobody is shown it as the progress of a case
    const number = await of.accepted('drug');
    expect(await of.progress(WINDOW, 1, '(from: START)')).toMatchObject([{ kind: 'ACCEPTED', caseNumber: number }]);
  });

  test.skipIf(skip)('what waits for whom, due first, with counts, live', async () => {
    await using files = await open();
    const now = { at: '2026-11-02T02:00:00.000Z' };
    await using of = await world(files.url, now);
    const drug = of.departments.get('drug');
    const inbox = async (who = WINDOW) => (await of.ask(who, INBOX)).data as Record<string, any>;
    await using client = of.client(OFFICER);
    const live = client.iterate<Record<string, any>>({
      query: 'subscription { inboxChanged { cursor counts { total byKind { kind waiting } } } }',
    });
    const first = await of.submitted();
    now.at = '2026-11-03T02:00:00.000Z';
    const second = await of.submitted();
    await vi.waitFor(async () => {
      const found = await inbox();
      expect(found['inbox'].nodes.map((node: any) => [node.application.id, node.dueAt])).toEqual([
        [first, '2026-11-04T15:59:59.999Z'],
        [second, '2026-11-05T15:59:59.999Z'],
      ]);
      expect([found['inbox'].totalCount, found['inboxCounts']]).toEqual([
        2,
        { total: 2, overdue: 0, byKind: [{ kind: 'APPLICATION_TO_DECIDE', waiting: 2 }] },
      ]);
    }, WAITING);
    now.at = '2026-11-05T02:00:00.000Z';
    expect((await inbox())['inboxCounts'].overdue).toBe(1);
    // the subscription counts from the moment the server has it
    const changed = live.next();
    await vi.waitFor(async () => expect(await of.acceptance.store.fork().count(feedEvents, {})).toBe(2), WAITING);
    const number = (await of.accept(second)).data?.['acceptApplication'].case.number;
    const change = (await changed).value?.data?.['inboxChanged'];
    expect(change.counts).toEqual({ total: 1, byKind: [{ kind: 'CASE_TO_HANDLE', waiting: 1 }] });
    await live.return?.();
    expect((await inbox())['inbox'].nodes).toMatchObject([{ application: { id: first } }]);
    expect((await inbox(OFFICER))['inbox'].nodes).toMatchObject([
      {
        kind: 'CASE_TO_HANDLE',
        case: { number },
        application: null,
        stepCode: 'review',
        stepName: '审查',
        dueAt: '2026-11-12T15:59:59.999Z',
      },
    ]);
    // nothing of it is another department's or an applicant's
    for (const who of [caller('o', 'department:transport'), APPLICANT, caller('m', 'monitor')])
      expect((await inbox(who))['inbox']).toEqual({ nodes: [], totalCount: 0 });
    expect((await of.ask(caller('n'), INBOX)).errors?.[0]?.extensions?.['code']).toBe('UNAUTHENTICATED');
    drug?.tell(number, 'DECIDED', {
      occurredAt: '2026-11-06T02:00:00.000Z',
      decision: { outcome: 'APPROVED', decidedAt: '2026-11-06T02:00:00.000Z', reasons: '可', reviewRuleVersion: 1, seal: '审批专用章' },
    });
    // then delivery is due, ten working days after
    await vi.waitFor(async () => expect((await inbox(OFFICER))['inbox'].nodes[0].dueAt).toBe('2026-11-20T15:59:59.999Z'), WAITING);
    drug?.tell(number, 'DELIVERED', { delivery: { channel: 'COURIER', deliveredAt: '2026-11-09T02:00:00.000Z' } });
    await vi.waitFor(
      async () => expect(await inbox(OFFICER)).toMatchObject({ inbox: { nodes: [], totalCount: 0 }, inboxCounts: { total: 0 } }),
      WAITING,
    );
  });
});
