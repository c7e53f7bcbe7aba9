import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { feedEvents } from '../../../../../subgraphs/kit/feed/feed-tables.js';
import { applications, cases } from '../../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../../support/environment.js';
import { openFiles, STORES, type TestStore } from '../../../../support/stores.js';
import {
  APPLICANT,
  codeOf,
  correction,
  everything,
  type Handling,
  handle,
  handled,
  ITEMS,
  notice,
  openHandling,
  readApplication,
  refusal,
  requestId,
  WINDOW,
} from './handling-world.js';

type Opened = Awaited<ReturnType<typeof openHandling>>;

/** Every state an application can be in, and how it gets there. */
const STATES: Record<string, (it: Opened, id: string) => Promise<unknown>> = {
  SUBMITTED: async () => {},
  NOTICE_GIVEN: ({ world }, id) => handled(world, 'giveNotice', notice(id)),
  corrected: async ({ world }, id) => {
    await handled(world, 'giveNotice', notice(id));
    await handled(world, 'correctApplication', correction(id), APPLICANT);
  },
  ACCEPTED: ({ world }, id) => world.accept(id),
  REFUSED: ({ world }, id) => handled(world, 'refuseAcceptance', refusal(id)),
  WITHDRAWN: ({ world }, id) => handled(world, 'withdrawApplication', { applicationId: id }, APPLICANT),
};

describe('every outcome of an application', () => {
  let files: TestStore;
  let it: Opened;
  beforeAll(async () => {
    files = await openFiles();
    it = await openHandling(files.url, '2026-11-24T01:00:00Z');
  });
  afterAll(async () => {
    await it[Symbol.asyncDispose]();
    await files[Symbol.asyncDispose]();
  });

  /** state · move · code when it is illegal · the state after it when it is not */
  const MOVES: [keyof typeof STATES, Handling | 'accept', string | undefined, string?][] = [
    ['SUBMITTED', 'giveNotice', undefined, 'NOTICE_GIVEN'],
    ['SUBMITTED', 'correctApplication', 'APPLICATION_NOT_AWAITING_CORRECTION'],
    ['SUBMITTED', 'refuseAcceptance', undefined, 'REFUSED'],
    ['SUBMITTED', 'withdrawApplication', undefined, 'WITHDRAWN'],
    ['SUBMITTED', 'accept', undefined, 'ACCEPTED'],
    ['NOTICE_GIVEN', 'giveNotice', undefined, 'NOTICE_GIVEN'],
    ['NOTICE_GIVEN', 'correctApplication', undefined, 'SUBMITTED'],
    ['NOTICE_GIVEN', 'refuseAcceptance', undefined, 'REFUSED'],
    ['NOTICE_GIVEN', 'withdrawApplication', undefined, 'WITHDRAWN'],
    ['NOTICE_GIVEN', 'accept', 'APPLICATION_AWAITS_CORRECTION'],
    ['corrected', 'giveNotice', undefined, 'NOTICE_GIVEN'],
    ['corrected', 'correctApplication', 'APPLICATION_NOT_AWAITING_CORRECTION'],
    ['corrected', 'refuseAcceptance', undefined, 'REFUSED'],
    ['corrected', 'withdrawApplication', undefined, 'WITHDRAWN'],
    ['corrected', 'accept', undefined, 'ACCEPTED'],
    ['ACCEPTED', 'giveNotice', 'APPLICATION_DECIDED'],
    ['ACCEPTED', 'correctApplication', 'APPLICATION_DECIDED'],
    ['ACCEPTED', 'refuseAcceptance', 'APPLICATION_DECIDED'],
    ['ACCEPTED', 'withdrawApplication', 'APPLICATION_DECIDED'],
    ['REFUSED', 'giveNotice', 'APPLICATION_DECIDED'],
    ['REFUSED', 'correctApplication', 'APPLICATION_DECIDED'],
    ['REFUSED', 'withdrawApplication', 'APPLICATION_DECIDED'],
    ['REFUSED', 'accept', 'APPLICATION_DECIDED'],
    ['WITHDRAWN', 'giveNotice', 'APPLICATION_DECIDED'],
    ['WITHDRAWN', 'correctApplication', 'APPLICATION_DECIDED'],
    ['WITHDRAWN', 'refuseAcceptance', 'APPLICATION_DECIDED'],
    ['WITHDRAWN', 'accept', 'APPLICATION_DECIDED'],
  ];

  const make = ({ world }: Opened, move: Handling | 'accept', id: string) => {
    switch (move) {
      case 'accept':
        return world.accept(id);
      case 'giveNotice':
        return handle(world, move, notice(id));
      case 'correctApplication':
        return handle(world, move, correction(id), APPLICANT);
      case 'refuseAcceptance':
        return handle(world, move, refusal(id));
      default:
        return handle(world, 'withdrawApplication', { applicationId: id }, APPLICANT);
    }
  };

  test.each(MOVES)('%s: %s → %s %s', async (state, move, code, after) => {
    const id = await it.world.submitted();
    await STATES[state]?.(it, id);
    const before = await everything(it.world, id);
    const answer = await make(it, move, id);
    if (code === undefined) {
      expect(answer.errors).toBeUndefined();
      expect((await readApplication(it.world, id)).state).toBe(after);
      return;
    }
    expect(codeOf(answer)).toBe(code);
    expect(await everything(it.world, id)).toEqual(before);
  });

  test('everything that happened is told as events, which name nobody and are no progress of a case', async () => {
    const id = await it.world.submitted();
    await handled(it.world, 'giveNotice', notice(id, { complex: true }));
    await handled(it.world, 'correctApplication', correction(id), APPLICANT);
    await it.world.accept(id);
    const em = it.world.acceptance.store.fork();
    const events = await em.find(feedEvents, { subject: id }, { orderBy: { position: 'asc' } });
    expect(events.map(({ kind, scope, payload }) => ({ kind, scope, payload }))).toMatchObject([
      { kind: 'APPLICATION_SUBMITTED', scope: 'drug', payload: { itemCode: 'permit', channel: 'ONLINE' } },
      { kind: 'APPLICATION_NOTICE_GIVEN', payload: { noticeOrdinal: 1, complex: true, secondNotice: false, late: false } },
      { kind: 'APPLICATION_CORRECTED', payload: { noticeOrdinal: 1 } },
    ]);
    const { caseNumber } = await em.findOneOrFail(applications, id);
    const [accepted] = await em.find(feedEvents, { subject: caseNumber as string, kind: 'ACCEPTED' });
    expect(accepted?.payload).toMatchObject({ applicationId: id, submittedAt: '2026-11-24T01:00:00.000Z' });
    expect(JSON.stringify([events, accepted])).not.toMatch(/三丰|19491231|公章|13800005678/);
    const [first] = await it.world.progress(WINDOW, 1, `(from: START, filter: { departmentCodes: ["drug"] })`);
    expect(first?.['kind']).toBe('ACCEPTED');
    expect((await readApplication(it.world, id)).history.map(({ kind }: any) => kind)).toEqual([
      'APPLICATION_SUBMITTED',
      'APPLICATION_NOTICE_GIVEN',
      'APPLICATION_CORRECTED',
    ]);
  });

  test('corrections resume the same application, and what it was before stays on record', async () => {
    const id = await it.world.submitted();
    await handled(it.world, 'giveNotice', notice(id));
    const corrected = await handled(it.world, 'correctApplication', correction(id), APPLICANT);
    expect(corrected).toMatchObject({
      id,
      state: 'SUBMITTED',
      contentVersion: 2,
      notices: [{ ordinal: 1, anomaly: false, correctedAt: expect.any(String), items: [{ label: '申请表' }, { label: '面积' }] }],
      earlierVersions: [
        {
          ordinal: 1,
          materials: [{ code: 'form', contentHash: 'sha256:abc' }, { code: 'plan' }, { code: 'licence' }],
          form: [
            { name: 'address', value: '郑州市演示路1号' },
            { name: 'area', value: '120' },
          ],
        },
      ],
      materials: [{ code: 'form', contentHash: 'sha256:new' }, { code: 'plan' }, { code: 'licence', source: 'SHARED' }],
      form: [
        { name: 'address', value: '郑州市演示路1号' },
        { name: 'area', value: '160' },
      ],
    });
  });

  test('a correction answers everything the notice asked for, or is told at once what is left', async () => {
    const id = await it.world.submitted();
    await handled(it.world, 'giveNotice', notice(id));
    const before = await everything(it.world, id);
    const answer = await handle(it.world, 'correctApplication', correction(id, { form: [] }), APPLICANT);
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'CORRECTION_INCOMPLETE', missing: [{ code: 'area', name: '面积' }] });
    expect(await everything(it.world, id)).toEqual(before);
  });

  test('a second notice is given and recorded as what it is: an anomaly', async () => {
    const id = await it.world.submitted();
    await handled(it.world, 'giveNotice', notice(id));
    await handled(it.world, 'correctApplication', correction(id), APPLICANT);
    const twice = await handled(it.world, 'giveNotice', notice(id));
    expect(twice).toMatchObject({ noticeCount: 2, notices: [{ anomaly: false }, { ordinal: 2, anomaly: true }] });
    const events = await it.world.acceptance.store.fork().find(feedEvents, { subject: id, kind: 'APPLICATION_NOTICE_GIVEN' });
    expect(new Set(events.map(({ payload }) => payload['secondNotice']))).toEqual(new Set([false, true]));
    const listed = await it.world.ask(WINDOW, '{ applications(filter: { secondNotice: true }, first: 200) { nodes { id noticeCount } } }');
    expect(listed.data?.['applications'].nodes.map(({ id }: any) => id)).toContain(id);
    expect(listed.data?.['applications'].nodes.every(({ noticeCount }: any) => noticeCount > 1)).toBe(true);
  });

  test('a retried notice is no second notice, and a retried correction is one', async () => {
    const id = await it.world.submitted();
    const told = notice(id);
    const answers = await Promise.all([handled(it.world, 'giveNotice', told), handled(it.world, 'giveNotice', told)]);
    expect(answers.map(({ noticeCount }) => noticeCount)).toEqual([1, 1]);
    expect(codeOf(await handle(it.world, 'giveNotice', { ...told, complex: true }))).toBe('CONFLICT');
    const mended = correction(id);
    await handled(it.world, 'correctApplication', mended, APPLICANT);
    expect((await handled(it.world, 'correctApplication', mended, APPLICANT)).contentVersion).toBe(2);
    expect(codeOf(await handle(it.world, 'correctApplication', { ...mended, form: [{ name: 'area', value: '1' }] }, APPLICANT))).toBe(
      'CONFLICT',
    );
    // also after it went on
    await it.world.accept(id);
    expect((await handled(it.world, 'giveNotice', told)).state).toBe('ACCEPTED');
  });

  test.each<[string, object, string]>([
    ['nothing', { items: [] }, 'BAD_USER_INPUT'],
    ['a material and an entry in one', { items: [{ ...ITEMS[0], formField: 'area' }] }, 'BAD_USER_INPUT'],
    ['neither', { items: [{ problem: '缺', remedy: '补' }] }, 'BAD_USER_INPUT'],
    ['no problem', { items: [{ ...ITEMS[0], problem: ' ' }] }, 'BAD_USER_INPUT'],
    ['no remedy', { items: [{ ...ITEMS[0], remedy: '' }] }, 'BAD_USER_INPUT'],
    ['another material', { items: [{ ...ITEMS[0], materialCode: 'passport' }] }, 'MATERIAL_UNKNOWN'],
    ['another entry', { items: [{ ...ITEMS[1], formField: 'colour' }] }, 'FORM_FIELD_UNKNOWN'],
    ['an electronic material on paper', { items: [{ ...ITEMS[0], onPaper: true }] }, 'DUPLICATE_PAPER'],
    ['a shared material', { items: [{ ...ITEMS[0], materialCode: 'licence' }] }, 'DUPLICATE_PAPER'],
    ['under no request id', { clientRequestId: '' }, 'BAD_USER_INPUT'],
  ])('a notice that asks for %s is refused', async (_what, change, code) => {
    const id = await it.world.submitted();
    const before = await everything(it.world, id);
    expect(codeOf(await handle(it.world, 'giveNotice', notice(id, change)))).toBe(code);
    expect(await everything(it.world, id)).toEqual(before);
  });

  test.each<[string, object, string]>([
    ['without a competent body', { competentBody: null }, 'BAD_USER_INPUT'],
    ['without an explanation', { explanation: '  ' }, 'BAD_USER_INPUT'],
    ['for never having corrected what nobody told', { reason: 'NOT_CORRECTED' }, 'BAD_USER_INPUT'],
    ['for not being online, though it was', { reason: 'NOT_ONLINE' }, 'BAD_USER_INPUT'],
  ])('a refusal %s is refused', async (_what, change, code) => {
    const id = await it.world.submitted();
    const before = await everything(it.world, id);
    expect(codeOf(await handle(it.world, 'refuseAcceptance', refusal(id, change)))).toBe(code);
    expect(await everything(it.world, id)).toEqual(before);
  });

  test.each(['WINDOW', 'POST'])('an application by %s is not refused for not being online', async (channel) => {
    const id = await it.world.submitted(WINDOW, { channel });
    const answer = await handle(it.world, 'refuseAcceptance', refusal(id, { reason: 'NOT_ONLINE', explanation: '请先在网上申请' }));
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'FORCED_ONLINE', channel });
    expect((await readApplication(it.world, id)).state).toBe('SUBMITTED');
  });

  test('a refusal says why, who is competent and how to appeal, and once more the same changes nothing', async () => {
    const id = await it.world.submitted();
    const refused = await handled(it.world, 'refuseAcceptance', refusal(id));
    expect(refused.refusal).toMatchObject({ reason: 'NOT_COMPETENT', competentBody: '郑州市演示局' });
    expect(refused.refusal.appeal).toMatch(/60日.*行政复议.*6个月.*行政诉讼/);
    const before = await everything(it.world, id);
    await handled(it.world, 'refuseAcceptance', refusal(id));
    expect(await everything(it.world, id)).toEqual(before);
    expect(codeOf(await handle(it.world, 'refuseAcceptance', refusal(id, { explanation: '另有理由' })))).toBe('APPLICATION_DECIDED');
  });

  test('what comes incomplete over the counter is taken in, told completely, corrected and accepted', async () => {
    const { world } = it;
    const incomplete = { materials: [], form: [{ name: 'address', value: '郑州市演示路1号' }], asReceived: true };
    expect(
      codeOf(
        await world.submit(APPLICANT, { ...incomplete, departmentCode: 'drug', itemCode: 'permit', channel: 'ONLINE', applicant: person }),
      ),
    ).toBe('BAD_USER_INPUT');
    const id = await world.submitted(WINDOW, { ...incomplete, channel: 'POST' });
    expect((await world.accept(id)).errors?.[0]?.extensions).toMatchObject({
      code: 'MATERIAL_MISSING',
      missing: [{ code: 'form' }, { code: 'plan' }, { code: 'area' }],
    });
    const partly = await handle(world, 'giveNotice', notice(id));
    expect(partly.errors?.[0]?.extensions).toMatchObject({ code: 'NOTICE_INCOMPLETE', missing: [{ code: 'plan', name: '平面图' }] });
    await handled(world, 'giveNotice', notice(id, { items: [...ITEMS, { materialCode: 'plan', problem: '缺少', remedy: '补交' }] }));
    const mended = correction(id, {
      materials: [
        { code: 'form', source: 'PAPER' },
        { code: 'plan', source: 'PAPER' },
      ],
    });
    await handled(world, 'correctApplication', mended, WINDOW);
    expect((await world.accept(id)).data?.['acceptApplication'].application.state).toBe('ACCEPTED');
  });

  test('each is for whoever may do it', async () => {
    const { world } = it;
    const id = await world.submitted();
    const other = caller('person-2', 'applicant');
    const officer = caller('o', 'department:drug');
    for (const who of [APPLICANT, officer, caller('m', 'monitor'), caller('c', 'centre')]) {
      expect(codeOf(await handle(world, 'giveNotice', notice(id), who))).toBe('FORBIDDEN');
      expect(codeOf(await handle(world, 'refuseAcceptance', refusal(id), who))).toBe('FORBIDDEN');
    }
    expect(codeOf(await handle(world, 'withdrawApplication', { applicationId: id }, other))).toBe('APPLICATION_NOT_FOUND');
    expect(codeOf(await handle(world, 'withdrawApplication', { applicationId: id }, officer))).toBe('FORBIDDEN');
    await handled(world, 'giveNotice', notice(id));
    expect(codeOf(await handle(world, 'correctApplication', correction(id), other))).toBe('APPLICATION_NOT_FOUND');
    expect(codeOf(await handle(world, 'correctApplication', correction(id), caller('n')))).toBe('UNAUTHENTICATED');
    // who watches sees that a notice was given and for what, not what was written
    const seen = await readApplication(world, id, caller('m', 'monitor'));
    expect(seen.notices[0].items[0]).toMatchObject({ label: '申请表', problem: null, remedy: null });
    expect((await readApplication(world, id, APPLICANT)).notices[0].items[0].problem).toBe('未加盖公章');
    for (const name of ['giveNotice', 'withdrawApplication'] as const)
      expect(codeOf(await handle(world, name, name === 'giveNotice' ? notice('nothing') : { applicationId: 'nothing' }))).toBe(
        'APPLICATION_NOT_FOUND',
      );
  });

  test('applications are listed by what became of them', async () => {
    const { world } = it;
    for (const state of ['SUBMITTED', 'NOTICE_GIVEN', 'ACCEPTED', 'REFUSED', 'WITHDRAWN']) {
      const id = await world.submitted();
      await STATES[state]?.(it, id);
      const query = `{ one: applications(filter: { state: ${state} }, first: 200) { nodes { id state } }
        two: applications(filter: { states: [${state}, ACCEPTED], channel: ONLINE }, first: 200) { nodes { id state channel } } }`;
      const { data } = await world.ask(WINDOW, query);
      expect(data?.['one'].nodes).toContainEqual({ id, state });
      expect(data?.['one'].nodes.every((node: any) => node.state === state)).toBe(true);
      expect(data?.['two'].nodes.map((node: any) => node.id)).toContain(id);
      expect(data?.['two'].nodes.every((node: any) => [state, 'ACCEPTED'].includes(node.state) && node.channel === 'ONLINE')).toBe(true);
    }
  });
});

const person = { kind: 'NATURAL_PERSON', name: '张三丰', idNumber: '11010519491231002X', phone: '13800005678' };

describe.each(STORES)('two at once on $name', ({ skip, open }) => {
  test.skipIf(skip)('of a notice, a refusal, an acceptance and a withdrawal, one wins and the others are told', async () => {
    await using files = await open();
    await using it = await openHandling(files.url, '2026-11-24T01:00:00Z');
    for (let round = 0; round < 5; round++) {
      const id = await it.world.submitted();
      const answers = await Promise.all([
        it.world.accept(id),
        handle(it.world, 'refuseAcceptance', refusal(id)),
        handle(it.world, 'withdrawApplication', { applicationId: id }, APPLICANT),
      ]);
      expect(answers.filter(({ errors }) => errors === undefined)).toHaveLength(1);
      expect(answers.flatMap((answer) => codeOf(answer) ?? [])).toEqual(['APPLICATION_DECIDED', 'APPLICATION_DECIDED']);
      const em = it.world.acceptance.store.fork();
      const { state, caseNumber } = await em.findOneOrFail(applications, id);
      expect(await em.count(cases, { applicationId: id })).toBe(state === 'ACCEPTED' ? 1 : 0);
      expect(caseNumber != null).toBe(state === 'ACCEPTED');
    }
    const id = await it.world.submitted();
    const told = await Promise.all(
      Array.from({ length: 4 }, () => handle(it.world, 'giveNotice', notice(id, { clientRequestId: requestId() }))),
    );
    expect(told.every(({ errors }) => errors === undefined)).toBe(true);
    expect((await readApplication(it.world, id)).notices.map(({ ordinal, anomaly }: any) => [ordinal, anomaly])).toEqual([
      [1, false],
      [2, true],
      [3, true],
      [4, true],
    ]);
  });
});
