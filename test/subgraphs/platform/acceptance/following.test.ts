import { describe, expect, test, vi } from 'vitest';
import { appliedEvents } from '../../../../subgraphs/kit/feed/feed-tables.js';
import { caller } from '../../../support/environment.js';
import { SilentRelay } from '../../../support/silent-relay.js';
import { openFiles, STORES } from '../../../support/stores.js';
import { APPLICANT, WAITING, WINDOW, World } from './world.js';

const AT = '2026-11-24T01:00:00.000Z';
const step = {
  code: 'review',
  name: '合规审查',
  kind: 'COMPLIANCE_REVIEW',
  startedAt: AT,
  finishedAt: null,
  handler: '李四',
  opinion: null,
};
const decision = {
  outcome: 'APPROVED',
  decidedAt: AT,
  reasons: null,
  reviewRuleVersion: 1,
  documentNumber: null,
  seal: '审批专用章',
  certificate: null,
};
const certificate = { number: 'C-1', kind: 'CERTIFICATE', issuedAt: AT, validUntil: null, electronic: true };
const delivery = { channel: 'ISSUING_WINDOW', deliveredAt: AT, trackingNumber: null };
const procedure = { kind: 'HEARING', startedAt: AT, expectedDays: 10, finishedAt: null, reason: '听证' };

const TIMELINE = `query($number: ID!) { case(number: $number) {
  stage outcome decidedAt certificateNumber closedAt timeline { id cursor kind stage stepName handler note occurredAt }
} }`;

const refusals = async (world: World) =>
  (await world.acceptance.store.fork().find(appliedEvents, { refusal: { $ne: null } }, { orderBy: { eventId: 'asc' } })).map(
    ({ eventId, refusal }) => [eventId, refusal],
  );

describe.each(STORES)('following departments on $name', ({ skip, open }) => {
  test.skipIf(skip)('every event is in the timeline once and in order, over cuts, repeats and a restart', async () => {
    await using files = await open();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);

    const started = drug.event(number, 'STEP_STARTED', { step, note: '第一步' });
    drug.feed.publish(started);
    drug.tell(number, 'SPECIAL_PROCEDURE_STARTED', { specialProcedure: procedure });
    drug.feed.cut();
    // the same id again, after something else
    drug.feed.publish(started);
    drug.tell(number, 'SPECIAL_PROCEDURE_FINISHED', { specialProcedure: { ...procedure, finishedAt: AT } });
    drug.tell(number, 'STEP_FINISHED', { step: { ...step, finishedAt: AT, opinion: '符合' } });
    await world.progress(WINDOW, 6, `(caseNumber: "${number}")`);
    await world.acceptance[Symbol.asyncDispose]();
    drug.tell(number, 'EXTENDED', { extension: { days: 5, reason: '案情复杂', decidedAt: AT } });
    drug.tell(number, 'DECIDED', { decision });
    await world.start();
    drug.tell(number, 'CERTIFICATE_ISSUED', { certificate });
    drug.feed.cut();
    drug.tell(number, 'DELIVERED', { delivery });

    const events = await world.progress(WINDOW, 10, `(caseNumber: "${number}")`);
    const kinds =
      'ACCEPTED RECEIVED STEP_STARTED SPECIAL_PROCEDURE_STARTED SPECIAL_PROCEDURE_FINISHED STEP_FINISHED EXTENDED DECIDED CERTIFICATE_ISSUED DELIVERED';
    expect(events.map(({ kind }) => kind)).toEqual(kinds.split(' '));
    const stages = 'ACCEPTED RECEIVED IN_REVIEW SPECIAL_PROCEDURE IN_REVIEW IN_REVIEW IN_REVIEW DECIDED CERTIFICATE_ISSUED DELIVERED';
    expect(events.map(({ stage }) => stage)).toEqual(stages.split(' '));

    const found = (await world.ask(WINDOW, TIMELINE, { number })).data?.['case'];
    expect(found).toMatchObject({ stage: 'DELIVERED', outcome: 'APPROVED', decidedAt: AT, certificateNumber: 'C-1', closedAt: AT });
    expect(found.timeline.map(({ id, cursor }: any) => [id, cursor])).toEqual(events.map(({ id, cursor }) => [id, cursor]));
    expect(found.timeline[2]).toMatchObject({ stepName: '合规审查', handler: '李四', note: '第一步', occurredAt: AT });
    expect(await refusals(world)).toEqual([]);
  });
});

describe('following departments', () => {
  test('what makes no sense is kept with the reason, and what follows is applied', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.department('transport');
    await world.known('drug');
    await world.known('transport');
    const own = await world.accepted('drug');
    const foreign = await world.accepted('transport');
    await world.progress(WINDOW, 2, `(caseNumber: "${own}")`);
    await world.progress(WINDOW, 2, `(caseNumber: "${foreign}")`);

    drug.feed.publish({ ...drug.event(own, 'STEP_STARTED', { step }), id: 'x-1', departmentCode: 'transport' });
    drug.feed.publish({ ...drug.event(foreign, 'STEP_STARTED', { step }), id: 'x-2' });
    drug.feed.publish({ ...drug.event('410000DRUG209901010000010', 'RECEIVED'), id: 'x-3' });
    drug.feed.publish({ ...drug.event(own, 'DECIDED'), id: 'x-4' });
    drug.feed.publish({
      ...drug.event(own, 'CERTIFICATE_ISSUED', { certificate: { ...certificate, number: 'n'.repeat(200) } }),
      id: 'x-5',
    });
    // an id longer than the ledger's column, twice; a note longer than its column
    const long = {
      ...drug.event(own, 'STEP_STARTED', { step: { ...step, handler: '李'.repeat(300) }, note: '字'.repeat(5_000) }),
      id: 'y'.repeat(300),
    };
    drug.feed.publish(long, long);
    drug.tell(own, 'STEP_FINISHED', { step });

    const events = await world.progress(WINDOW, 4, `(caseNumber: "${own}")`, 'kind handler note');
    expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED', 'STEP_FINISHED']);
    expect([events[2]?.['handler'].length, events[2]?.['note'].length]).toEqual([200, 4_000]);
    expect(await refusals(world)).toEqual([
      ['x-1', 'it is of another department'],
      ['x-2', 'the case is of another department'],
      ['x-3', 'there is no such case'],
      ['x-4', 'DECIDED comes without its decision'],
      ['x-5', 'its certificate has no number of at most 128 characters'],
    ]);
    expect((await world.ask(WINDOW, TIMELINE, { number: foreign })).data?.['case'].timeline).toHaveLength(2);
  });

  test('a certificate number is of one case, and a case has one certificate: anything else is kept with the reason', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const [first, second] = [await world.accepted('drug'), await world.accepted('drug')];
    await world.progress(WINDOW, 2, `(caseNumber: "${first}")`);
    await world.progress(WINDOW, 2, `(caseNumber: "${second}")`);
    const issue = (number: string, id: string, change: object) =>
      drug.feed.publish({ ...drug.event(number, 'CERTIFICATE_ISSUED', { certificate: { ...certificate, ...change } }), id });
    issue(first, 'c-1', {});
    // told again as it is
    issue(first, 'c-2', {});
    issue(first, 'c-3', { number: 'C-2' });
    issue(second, 'c-4', {});
    issue(second, 'c-5', { number: 'C-3', issuedAt: '+099999-01-01T00:00:00Z' });
    issue(second, 'c-6', { number: 'C-3', issuedAt: '明天' });
    issue(second, 'c-7', { number: 'C-3' });
    const events = await world.progress(WINDOW, 3, `(caseNumber: "${second}")`);
    expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'CERTIFICATE_ISSUED']);
    expect((await world.ask(WINDOW, TIMELINE, { number: first })).data?.['case'].certificateNumber).toBe('C-1');
    expect((await world.ask(WINDOW, TIMELINE, { number: second })).data?.['case'].certificateNumber).toBe('C-3');
    expect(await refusals(world)).toEqual([
      ['c-3', 'the case has a certificate with another number'],
      ['c-4', 'its certificate has the number of one of another case'],
      ['c-5', 'its certificate.issuedAt is no instant'],
      ['c-6', 'its certificate.issuedAt is no instant'],
    ]);
  });

  test('a department whose sockets break is read by pages, and over the socket again later', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start({}, { socket: { attempts: 2, connecting: 1_000, settled: 500, pollInterval: 5, polling: 100 } });
    const drug = await world.department('drug');
    drug.socketsBroken = true;
    drug.feed.cut();
    await world.known('drug');
    const number = await world.accepted('drug');
    await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    expect(drug.pages).toBeGreaterThan(0);
    drug.tell(number, 'STEP_STARTED', { step });
    await world.progress(WINDOW, 3, `(caseNumber: "${number}")`);

    drug.socketsBroken = false;
    await vi.waitFor(() => expect(drug.feed.followers).toBe(1), WAITING);
    drug.tell(number, 'STEP_FINISHED', { step });
    const events = await world.progress(WINDOW, 4, `(caseNumber: "${number}")`);
    expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED', 'STEP_FINISHED']);
  });

  test.each([
    ['socket', false],
    ['pages', true],
  ])(
    'a department that gave up events the ledger has not seen (%s): the gap is kept as evidence, and what follows is applied',
    async (_name, pages) => {
      await using files = await openFiles();
      await using world = await World.open(files.url);
      const timing = { socket: { attempts: 1, connecting: 1_000, settled: 500, pollInterval: 5, polling: 60_000 } };
      await world.start({}, timing);
      const drug = await world.department('drug');
      await world.known('drug');
      const number = await world.accepted('drug');
      await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
      await world.acceptance[Symbol.asyncDispose]();
      drug.socketsBroken = pages;
      drug.tell(number, 'STEP_STARTED', { step });
      drug.feed.pruned = drug.feed.events.length;
      drug.tell(number, 'STEP_FINISHED', { step: { ...step, finishedAt: AT } });
      await world.start({}, timing);
      const events = await world.progress(WINDOW, 3, `(caseNumber: "${number}")`);
      expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_FINISHED']);
      expect(await refusals(world)).toEqual([[expect.stringMatching(/^gap:/), 'events before it are no longer kept by their source']]);
    },
  );

  test('a department whose socket hangs without closing is followed again within the heartbeat limit', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    const socket = { attempts: 3, connecting: 1_000, settled: 500, pollInterval: 5, polling: 100, pingInterval: 100, pongTimeout: 100 };
    await world.start({}, { socket });
    const drug = await world.department('drug');
    await using relay = await SilentRelay.open(() => Number(new URL(drug.address.url).port));
    world.departmentFeed.publish({
      id: 'through-the-relay',
      kind: 'REGISTERED',
      occurredAt: AT,
      departmentCode: 'drug',
      name: '部门drug',
      url: drug.address.url,
      subscriptionUrl: `ws://127.0.0.1:${relay.port}/graphql`,
    });
    await world.known('drug');
    const number = await world.accepted('drug');
    await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    await vi.waitFor(() => expect(relay.connections).toBe(1), WAITING);
    relay.silence();
    const silent = performance.now();
    drug.tell(number, 'STEP_STARTED', { step });
    drug.tell(number, 'STEP_FINISHED', { step: { ...step, finishedAt: AT } });
    const events = await world.progress(WINDOW, 4, `(caseNumber: "${number}")`);
    expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED', 'STEP_FINISHED']);
    // a ping, its answer that does not come, and connecting again; with room for a busy machine
    expect(performance.now() - silent).toBeLessThan(3_000);
    expect(drug.pages).toBe(0);
  });

  test('a department that moves is followed to its new address', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    // the same code and feed elsewhere, while the old one stays up
    const moved = await world.department('drug');
    moved.feed.publish(...drug.feed.events);
    moved.feed.publish({ ...moved.event(number, 'STEP_STARTED', { step }), id: 'moved-1' });
    const events = await world.progress(WINDOW, 3, `(caseNumber: "${number}")`);
    expect(events.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED']);
  });

  test('a case that is withdrawn is closed by the decision', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    drug.tell(number, 'DECIDED', { decision: { ...decision, outcome: 'WITHDRAWN' } });
    await world.progress(WINDOW, 3, `(caseNumber: "${number}")`);
    expect((await world.ask(WINDOW, TIMELINE, { number })).data?.['case']).toMatchObject({
      stage: 'DECIDED',
      outcome: 'WITHDRAWN',
      closedAt: AT,
    });
  });
});

describe('the progress of cases', () => {
  test('is resumed after a cursor: nothing is missed, nothing repeated', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    const [, received] = await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    drug.tell(number, 'STEP_STARTED', { step });
    const [next] = await world.progress(WINDOW, 1, `(after: "${received?.['cursor']}")`);
    expect(next).toMatchObject({ kind: 'STEP_STARTED', caseNumber: number, departmentCode: 'drug' });
    const all = await world.progress(WINDOW, 3, '(from: START)');
    expect(all.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'RECEIVED', 'STEP_STARTED']);
    const foreign = await world.progress(WINDOW, 1, `(after: "nonsense")`).catch(String);
    expect(foreign).toContain('CURSOR_INVALID');
  });

  test('begins now for whoever watches everything; the end of the feed can be taken first, and then nothing is missed', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const first = await world.accepted('drug');
    await world.progress(WINDOW, 2, `(caseNumber: "${first}")`);
    const { data } = await world.ask(WINDOW, '{ caseProgressCursor }');
    const second = await world.accepted('drug');
    const events = await world.progress(WINDOW, 2, `(after: "${data?.['caseProgressCursor']}")`);
    expect(events.map(({ caseNumber, kind }) => [caseNumber, kind])).toEqual([
      [second, 'ACCEPTED'],
      [second, 'RECEIVED'],
    ]);
    // without a start: events go on until one is seen, and none of the past is
    const seen = world.progress(WINDOW, 1);
    const told: unknown[] = [];
    const telling = vi.waitFor(async () => {
      drug.tell(first, 'STEP_STARTED', { step });
      told.push(0);
      expect(await Promise.race([seen, Promise.resolve(undefined)])).toBeDefined();
    }, WAITING);
    const [live] = await seen;
    await telling;
    expect(live).toMatchObject({ caseNumber: first, kind: 'STEP_STARTED' });
  });

  test('is told to each of what they may see', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    await world.department('drug');
    await world.department('transport');
    await world.known('drug');
    await world.known('transport');
    const other = caller('person-2', 'applicant');
    const mine = await world.accepted('drug', APPLICANT);
    const theirs = await world.accepted('transport', other);
    for (const number of [mine, theirs]) await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    const numbers = async (who: typeof other, args = '(from: START)') =>
      (await world.progress(who, 2, args)).map(({ caseNumber }) => caseNumber);
    expect(await numbers(APPLICANT)).toEqual([mine, mine]);
    expect(await numbers(other)).toEqual([theirs, theirs]);
    expect(await numbers(caller('o', 'department:transport'))).toEqual([theirs, theirs]);
    expect(await numbers(caller('m', 'monitor'), '(from: START, departmentCode: "transport")')).toEqual([theirs, theirs]);

    const refused = async (who: typeof other, args: string) => String(await world.progress(who, 1, args).catch((error: unknown) => error));
    expect(await refused(APPLICANT, `(caseNumber: "${theirs}")`)).toContain('CASE_NOT_FOUND');
    expect(await refused(WINDOW, '(caseNumber: "nothing")')).toContain('CASE_NOT_FOUND');
    expect(await refused(caller('o', 'department:transport'), '(departmentCode: "drug")')).toContain('FORBIDDEN');
    expect(await refused(caller('n'), '')).toContain('UNAUTHENTICATED');

    const [event] = await world.progress(APPLICANT, 1, '(from: START)', 'case { number applicant { name } }');
    expect(event).toEqual({ case: { number: mine, applicant: { name: '张三丰' } } });
  });
});
