import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Caller } from '../../../../subgraphs/kit/identity/caller.js';
import { alertMoves, alerts } from '../../../../subgraphs/platform/supervision/store/tables.js';
import type { AlertState } from '../../../../subgraphs/platform/supervision/types/enums.js';
import { caller } from '../../../support/environment.js';
import { openFiles, type TestStore } from '../../../support/stores.js';
import { BUREAU, CENTRE, DRUG, HOUSING, MONITOR, SupervisionWorld } from './supervision-world.js';

let files: TestStore;
let world: SupervisionWorld;
let cases = 0;

beforeAll(async () => {
  files = await openFiles();
  world = await SupervisionWorld.open(files.url);
  await world.start();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
});

const INPUTS = {
  acknowledgeAlert: ['AcknowledgeAlertInput', {}],
  issueCorrectionOrder: ['IssueCorrectionOrderInput', { demand: '补充书面理由', days: 3 }],
  replyToCorrectionOrder: ['ReplyToCorrectionOrderInput', { reply: '已补充' }],
  closeCorrectionOrder: ['CloseAlertInput', { conclusion: '整改到位' }],
  closeAlert: ['CloseAlertInput', { conclusion: '无须整改' }],
  escalateAlert: ['EscalateAlertInput', { reason: '拒不整改' }],
} as const;
type Move = keyof typeof INPUTS;

const move = (who: Caller, name: Move, id: string, version: number, more: Record<string, unknown> = {}) =>
  world.ask(who, `mutation ($input: ${INPUTS[name][0]}!) { ${name}(input: $input) { alert { id state version orderDueAt } } }`, {
    input: { id, version, ...INPUTS[name][1], ...more },
  });

async function opened(): Promise<{ id: string; version: number }> {
  const number = `m-${++cases}`;
  world.unreasoned(number);
  const [row] = await world.alertsOf(number, 1);
  return { id: row?.id as string, version: row?.version as number };
}

/** An alert that was brought into a state over the network. */
const WAYS: Record<Exclude<AlertState, 'LAPSED' | 'CLEARED'>, [Caller, Move][]> = {
  OPEN: [],
  ACKNOWLEDGED: [[MONITOR, 'acknowledgeAlert']],
  CORRECTION_ORDERED: [[CENTRE, 'issueCorrectionOrder']],
  REPLIED: [
    [MONITOR, 'issueCorrectionOrder'],
    [DRUG, 'replyToCorrectionOrder'],
  ],
  ESCALATED: [
    [MONITOR, 'acknowledgeAlert'],
    [MONITOR, 'escalateAlert'],
  ],
  CLOSED: [
    [MONITOR, 'acknowledgeAlert'],
    [BUREAU, 'closeAlert'],
  ],
};

async function broughtTo(state: keyof typeof WAYS): Promise<{ id: string; version: number }> {
  const alert = await opened();
  for (const [who, name] of WAYS[state]) {
    const { data, errors } = await move(who, name, alert.id, alert.version);
    expect(errors).toBeUndefined();
    alert.version = data?.[name].alert.version;
  }
  return alert;
}

const ALLOWED: Record<Move, { from: (keyof typeof WAYS)[]; to: AlertState; by: Caller }> = {
  acknowledgeAlert: { from: ['OPEN'], to: 'ACKNOWLEDGED', by: BUREAU },
  issueCorrectionOrder: { from: ['OPEN', 'ACKNOWLEDGED', 'REPLIED', 'ESCALATED'], to: 'CORRECTION_ORDERED', by: BUREAU },
  replyToCorrectionOrder: { from: ['CORRECTION_ORDERED'], to: 'REPLIED', by: DRUG },
  closeCorrectionOrder: { from: ['REPLIED'], to: 'CLOSED', by: BUREAU },
  closeAlert: { from: ['ACKNOWLEDGED', 'ESCALATED'], to: 'CLOSED', by: BUREAU },
  escalateAlert: { from: ['OPEN', 'ACKNOWLEDGED', 'CORRECTION_ORDERED', 'REPLIED'], to: 'ESCALATED', by: CENTRE },
};

describe('moves of an alert, over the network', () => {
  const combinations = (Object.keys(INPUTS) as Move[]).flatMap((name) =>
    (Object.keys(WAYS) as (keyof typeof WAYS)[]).map((state) => [name, state] as const),
  );

  test.each(combinations)('%s while it is %s', async (name, state) => {
    const { id, version } = await broughtTo(state);
    const { from, to, by } = ALLOWED[name];
    const before = await world.supervision.store.fork().findOneOrFail(alerts, id);
    const { data, errors } = await move(by, name, id, version);
    const after = await world.supervision.store.fork().findOneOrFail(alerts, id);
    if (from.includes(state)) {
      expect(errors).toBeUndefined();
      expect(data?.[name].alert).toMatchObject({ state: to, version: version + 1 });
      expect(after).toMatchObject({ state: to, moveCount: before.moveCount + 1 });
      return;
    }
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(['ALERT_MOVE_NOT_ALLOWED']);
    expect(errors?.[0]?.extensions).toMatchObject({ state, allowedIn: from });
    expect(JSON.stringify(after)).toBe(JSON.stringify(before));
  });

  test('a whole life is told as events, recorded with office and words, and dated by working days', async () => {
    const alert = await opened();
    const { caseAlertsCursor: cursor } = await world.data(MONITOR, '{ caseAlertsCursor }');
    for (const [who, name] of [
      [MONITOR, 'acknowledgeAlert'],
      [CENTRE, 'escalateAlert'],
      [BUREAU, 'issueCorrectionOrder'],
      [DRUG, 'replyToCorrectionOrder'],
      [BUREAU, 'closeCorrectionOrder'],
    ] as const) {
      const { data, errors } = await move(who, name, alert.id, alert.version);
      expect(errors).toBeUndefined();
      alert.version = data?.[name].alert.version;
    }
    const told = await world.watched(MONITOR, 5, '', { after: cursor });
    expect(told.map(({ kind }) => kind)).toEqual(['ACKNOWLEDGED', 'ESCALATED', 'CORRECTION_ORDERED', 'REPLIED', 'CLOSED']);
    const { alert: read } = await world.data(
      DRUG,
      'query ($id: ID!) { alert(id: $id) { state orderDueAt moves { ordinal kind role text dueAt } } }',
      { id: alert.id },
    );
    // three working days from Monday 2 March
    expect(read.orderDueAt).toBe('2026-03-05T15:59:59.999Z');
    expect(read.moves.map(({ ordinal, kind, role, text }: any) => [ordinal, kind, role, text])).toEqual([
      [1, 'RAISED', null, null],
      [2, 'ACKNOWLEDGED', 'monitor', null],
      [3, 'ESCALATED', 'centre', '拒不整改'],
      [4, 'CORRECTION_ORDERED', 'bureau', '补充书面理由'],
      [5, 'REPLIED', 'department:drug', '已补充'],
      [6, 'CLOSED', 'bureau', '整改到位'],
    ]);
  });

  test('what people write is sealed in the database', async () => {
    const { id } = await broughtTo('CORRECTION_ORDERED');
    const [row] = await world.supervision.store
      .fork()
      .execute<{ text: string }[]>("select text from alert_move where alert_id = ? and kind = 'CORRECTION_ORDERED'", [id]);
    expect(row?.text).not.toContain('理由');
    expect(await world.supervision.store.fork().findOne(alertMoves, { alertId: id, kind: 'CORRECTION_ORDERED' })).toMatchObject({
      text: '补充书面理由',
    });
  });

  test('of two who move it at once one wins, and the other is told', async () => {
    const { id, version } = await opened();
    const answers = await Promise.all([MONITOR, CENTRE, BUREAU].map((who) => move(who, 'issueCorrectionOrder', id, version)));
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions?.['code']);
    expect(codes.filter((code) => code === undefined)).toHaveLength(1);
    for (const code of codes.filter((code) => code !== undefined)) expect(['CONFLICT', 'ALERT_MOVE_NOT_ALLOWED']).toContain(code);
    const stale = await broughtTo('ACKNOWLEDGED');
    expect((await move(MONITOR, 'closeAlert', stale.id, stale.version - 1)).errors?.[0]?.extensions?.['code']).toBe('CONFLICT');
  });

  test.each<[string, Caller, Move, keyof typeof WAYS, string]>([
    ['an applicant', caller('p', 'applicant'), 'acknowledgeAlert', 'OPEN', 'FORBIDDEN'],
    ['a window', caller('w', 'window'), 'closeAlert', 'ACKNOWLEDGED', 'FORBIDDEN'],
    ['an administrator', caller('x', 'admin'), 'escalateAlert', 'OPEN', 'FORBIDDEN'],
    ['nobody known', caller('n'), 'acknowledgeAlert', 'OPEN', 'UNAUTHENTICATED'],
    ['the department itself', DRUG, 'acknowledgeAlert', 'OPEN', 'FORBIDDEN'],
    ['the department itself', DRUG, 'closeCorrectionOrder', 'REPLIED', 'FORBIDDEN'],
    ['another department', HOUSING, 'replyToCorrectionOrder', 'CORRECTION_ORDERED', 'ALERT_NOT_FOUND'],
    ['a monitor', MONITOR, 'replyToCorrectionOrder', 'CORRECTION_ORDERED', 'FORBIDDEN'],
    ['the Bureau, to whom it would go', BUREAU, 'escalateAlert', 'OPEN', 'FORBIDDEN'],
    ['a monitor, once it is the Bureau’s', MONITOR, 'closeAlert', 'ESCALATED', 'FORBIDDEN'],
    ['the Centre, once it is the Bureau’s', CENTRE, 'issueCorrectionOrder', 'ESCALATED', 'FORBIDDEN'],
  ])('%s may not: %s %s', async (_who, who, name, state, code) => {
    const { id, version } = await broughtTo(state);
    expect((await move(who, name, id, version)).errors?.map(({ extensions }) => extensions?.['code'])).toEqual([code]);
    expect(await world.supervision.store.fork().findOneOrFail(alerts, id)).toMatchObject({ state, version });
  });

  test.each([
    ['issueCorrectionOrder', { demand: '   ' }],
    ['issueCorrectionOrder', { days: 0 }],
    ['issueCorrectionOrder', { days: 61 }],
    ['issueCorrectionOrder', { demand: 'x'.repeat(2_001) }],
  ] as const)('%s with %o is refused and changes nothing', async (name, more) => {
    const { id, version } = await opened();
    expect((await move(MONITOR, name, id, version, more)).errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
    expect(await world.supervision.store.fork().findOneOrFail(alerts, id)).toMatchObject({ state: 'OPEN', version });
  });
});
