import { describe, expect, test, vi } from 'vitest';
import type { Caller } from '../../../../../subgraphs/kit/identity/caller.js';
import { caller } from '../../../../support/environment.js';
import { STORES } from '../../../../support/stores.js';
import { WAITING } from '../world.js';
import { APPLICANT, correction, handled, notice, openHandling, refusal, WINDOW } from './handling-world.js';

type Opened = Awaited<ReturnType<typeof openHandling>>;

const PLATFORM = caller('platform:supervision', 'platform');
const CLOCKS = 'clocks { kind state startedAt stoppedAt dueAt lateDays }';
const INBOX = '{ inbox { nodes { kind dueAt waitingSince application { id } case { number } } } inboxCounts { byKind { kind waiting } } }';

async function waits({ world }: Opened, who: Caller, expected: object): Promise<void> {
  await vi.waitFor(async () => {
    const { data } = await world.ask(who, INBOX);
    expect(data?.['inbox'].nodes).toMatchObject([expected]);
    expect(data?.['inboxCounts'].byKind).toEqual([{ kind: data?.['inbox'].nodes[0].kind, waiting: 1 }]);
  }, WAITING);
}

async function nothingWaits({ world }: Opened, who: Caller): Promise<void> {
  await vi.waitFor(async () => expect((await world.ask(who, INBOX)).data?.['inbox'].nodes).toEqual([]), WAITING);
}

async function clocks({ world }: Opened, id: string): Promise<any[]> {
  const { data, errors } = await world.ask(WINDOW, `query($id: ID!) { application(id: $id) { ${CLOCKS} case { ${CLOCKS} } } }`, { id });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  const { clocks, case: accepted } = data?.['application'] ?? {};
  // a case has its application's clocks before its own
  if (accepted !== null) expect(accepted.clocks.slice(0, clocks.length)).toEqual(clocks);
  return clocks.map(({ kind, state, dueAt }: any) => [kind, state, dueAt?.slice(0, 10)]);
}

describe.each(STORES)('what waits for whom, and how long, on $name', ({ skip, open }) => {
  test.skipIf(skip)('a notice waits for its applicant, its correction for a window, and each receipt has clocks of its own', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-23T02:00:00Z');
    const id = await it.world.submitted();
    await waits(it, WINDOW, { kind: 'APPLICATION_TO_DECIDE', dueAt: '2026-11-25T15:59:59.999Z', application: { id }, case: null });
    await nothingWaits(it, APPLICANT);
    expect(await clocks(it, id)).toEqual([
      ['NOTICE', 'RUNNING', '2026-11-25'],
      ['NOTICE_STATUTORY', 'RUNNING', '2026-11-30'],
    ]);

    // three working days later: past the regulation's two, within the law's five
    it.time.now = new Date('2026-11-26T02:00:00Z');
    await handled(it.world, 'giveNotice', notice(id, { complex: true }));
    await waits(it, APPLICANT, { kind: 'NOTICE_TO_ANSWER', dueAt: null, waitingSince: '2026-11-26T02:00:00.000Z', application: { id } });
    await nothingWaits(it, WINDOW);
    await nothingWaits(it, caller('person-2', 'applicant'));
    const told = [
      ['NOTICE', 'MISSED', '2026-11-25'],
      ['NOTICE_STATUTORY', 'MET', '2026-11-30'],
    ];
    expect(await clocks(it, id)).toEqual(told);

    it.time.now = new Date('2026-12-01T02:00:00Z');
    await handled(it.world, 'correctApplication', correction(id), APPLICANT);
    await waits(it, WINDOW, { kind: 'APPLICATION_TO_DECIDE', dueAt: '2026-12-03T15:59:59.999Z', application: { id } });
    await nothingWaits(it, APPLICANT);
    await it.world.accept(id);
    await nothingWaits(it, WINDOW);
    await waits(it, caller('officer', 'department:drug'), { kind: 'CASE_TO_HANDLE', application: null });
    expect(await clocks(it, id)).toEqual([...told, ['NOTICE', 'MET', '2026-12-03'], ['NOTICE_STATUTORY', 'MET', '2026-12-08']]);
  });

  test.skipIf(skip)('what is refused or withdrawn waits for nobody', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-23T02:00:00Z');
    const refused = await it.world.submitted();
    await handled(it.world, 'refuseAcceptance', refusal(refused));
    const withdrawn = await it.world.submitted();
    await handled(it.world, 'giveNotice', notice(withdrawn));
    await handled(it.world, 'withdrawApplication', { applicationId: withdrawn }, APPLICANT);
    await nothingWaits(it, WINDOW);
    await nothingWaits(it, APPLICANT);
    expect((await clocks(it, refused)).map(([kind, state]) => [kind, state])).toEqual([
      ['NOTICE', 'MET'],
      ['NOTICE_STATUTORY', 'MET'],
    ]);
  });

  test.skipIf(skip)('silence is missed clocks, a case from the day of receipt, and an event for the platform', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-23T02:00:00Z');
    const id = await it.world.submitted();
    await waits(it, WINDOW, { application: { id } });
    it.time.now = new Date('2026-12-01T02:00:00Z');
    await vi.waitFor(async () => {
      const { data } = await it.world.ask(WINDOW, 'query($id: ID!) { application(id: $id) { state } }', { id });
      expect(data?.['application'].state).toBe('ACCEPTED');
    }, WAITING);
    await nothingWaits(it, WINDOW);
    expect(await clocks(it, id)).toEqual([
      ['NOTICE', 'MISSED', '2026-11-25'],
      ['NOTICE_STATUTORY', 'MISSED', '2026-11-30'],
    ]);
    const { data } = await it.world.ask(
      WINDOW,
      'query($id: ID!) { application(id: $id) { case { acceptedAt promisedDueAt clocks { kind startedAt } } } }',
      { id },
    );
    expect(data?.['application'].case).toMatchObject({ acceptedAt: '2026-11-23T02:00:00.000Z', promisedDueAt: '2026-11-30T15:59:59.999Z' });
    expect(data?.['application'].case.clocks.find(({ kind }: any) => kind === 'PROMISED').startedAt).toBe('2026-11-23T02:00:00.000Z');
    const page = await it.world.ask(PLATFORM, '{ ledgerEventPage(first: 10) { kind applicationId caseNumber occurredAt itemCode } }');
    const events: any[] = page.data?.['ledgerEventPage'];
    expect(events.filter(({ applicationId }) => applicationId === id).map(({ kind }) => kind)).toEqual([
      'APPLICATION_SUBMITTED',
      'APPLICATION_DEEMED_ACCEPTED',
      'ACCEPTED',
      ...events.filter(({ kind }) => kind === 'RECEIVED').map(() => 'RECEIVED'),
    ]);
    expect(events.find(({ kind }) => kind === 'APPLICATION_DEEMED_ACCEPTED')).toMatchObject({
      caseNumber: null,
      itemCode: 'permit',
      occurredAt: '2026-11-30T15:59:59.999Z',
    });
  });
});
