import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { supervisedCases } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { caller } from '../../../support/environment.js';
import { openFiles, type TestStore } from '../../../support/stores.js';
import { BUREAU, DRUG, HOUSING, MONITOR, SupervisionWorld, WAITING } from './supervision-world.js';

let files: TestStore;
let world: SupervisionWorld;

const FIELDS = 'accepted decided approved refused onTime onTimeRate lawfulRate meanWorkingDays meanPromisedDays meanStatutoryDays';

beforeAll(async () => {
  files = await openFiles();
  world = await SupervisionWorld.open(files.url, '2026-04-02 12:00');
  await world.start();
  const life = (number: string, departmentCode: string, accepted: string, decided?: string, outcome = 'APPROVED', channel = 'ONLINE') => {
    world.tell(number, 'ACCEPTED', accepted, { departmentCode, channel });
    if (decided !== undefined)
      world.tell(number, 'DECIDED', decided, { departmentCode, channel, outcome, hasReasons: true, reviewRuleVersion: 2 });
  };
  // 2 March is a Monday; five working days are promised, twenty are the law's
  life('1', 'drug', '2026-03-02 10:00', '2026-03-04 10:00'); // 2 days
  life('2', 'drug', '2026-03-02 11:00', '2026-03-10 10:00', 'REFUSED'); // 6 days: past the promise
  life('3', 'drug', '2026-03-02 12:00', '2026-04-01 10:00', 'APPROVED', 'WINDOW'); // 22 days: past the law's limit
  life('4', 'drug', '2026-03-03 10:00', '2026-03-05 10:00', 'WITHDRAWN');
  life('5', 'housing', '2026-03-31 10:00', '2026-04-02 09:00', 'APPROVED', 'POST'); // 2 days
  life('6', 'housing', '2026-04-02 10:00');
  // one minute before midnight in China is still that day
  life('7', 'housing', '2026-03-31 23:59');
  await vi.waitFor(async () => expect(await world.supervision.store.fork().count(supervisedCases)).toBe(7), WAITING);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
});

const figures = async (
  input: object,
  who = MONITOR,
  selection = `rows { departmentCode itemCode channel period ${FIELDS} } total { ${FIELDS} } today { day accepted decided inHand }`,
) => world.ask(who, `query ($input: CaseFiguresInput!) { caseFigures(input: $input) { ${selection} } }`, { input });

describe('caseFigures', () => {
  test('of a quarter, together', async () => {
    const { data } = await figures({ from: '2026-03-01', to: '2026-06-30' });
    expect(data?.['caseFigures']).toEqual({
      rows: [],
      total: {
        accepted: 7,
        decided: 5,
        approved: 3,
        refused: 1,
        onTime: 2,
        onTimeRate: 0.5,
        lawfulRate: 0.75,
        meanWorkingDays: (2 + 6 + 22 + 2) / 4,
        meanPromisedDays: 5,
        meanStatutoryDays: 20,
      },
      today: { day: '2026-04-02', accepted: 1, decided: 1, inHand: 2 },
    });
  });

  test('by department and month; a decision counts in the month in which it was made', async () => {
    const { data } = await figures({ from: '2026-03-01', to: '2026-04-30', groupBy: ['DEPARTMENT', 'MONTH'] }, BUREAU);
    const rows = data?.['caseFigures'].rows.map((row: any) => [
      row.departmentCode,
      row.period,
      row.accepted,
      row.decided,
      row.onTimeRate,
      row.meanWorkingDays,
    ]);
    expect(rows).toEqual([
      ['drug', '2026-03', 4, 3, 0.5, 4],
      ['drug', '2026-04', 0, 1, 0, 22],
      ['housing', '2026-03', 2, 0, null, null],
      ['housing', '2026-04', 1, 1, 1, 2],
    ]);
  });

  test('by item, channel and day, narrowed to one of each', async () => {
    const { data } = await figures({
      from: '2026-03-31',
      to: '2026-03-31',
      departmentCode: 'housing',
      itemCode: 'permit',
      groupBy: ['ITEM', 'CHANNEL', 'DAY'],
    });
    expect(data?.['caseFigures'].rows.map(({ itemCode, channel, period, accepted }: any) => [itemCode, channel, period, accepted])).toEqual(
      [
        ['permit', 'ONLINE', '2026-03-31', 1],
        ['permit', 'POST', '2026-03-31', 1],
      ],
    );
    const window = await figures({ from: '2026-03-01', to: '2026-04-30', channel: 'WINDOW' }, MONITOR, 'total { accepted decided }');
    expect(window.data?.['caseFigures'].total).toEqual({ accepted: 1, decided: 1 });
  });

  test('a department sees its own and no other', async () => {
    const own = await figures({ from: '2026-03-01', to: '2026-04-30' }, HOUSING, 'total { accepted } today { inHand }');
    expect(own.data?.['caseFigures']).toEqual({ total: { accepted: 3 }, today: { inHand: 2 } });
    const code = async (who: typeof MONITOR, input: object) => (await figures(input, who)).errors?.[0]?.extensions?.['code'];
    expect(await code(DRUG, { from: '2026-03-01', to: '2026-04-30', departmentCode: 'housing' })).toBe('FORBIDDEN');
    expect(await code(caller('p', 'applicant'), { from: '2026-03-01', to: '2026-04-30' })).toBe('FORBIDDEN');
    expect(await code(caller('n'), { from: '2026-03-01', to: '2026-04-30' })).toBe('UNAUTHENTICATED');
  });

  test.each([
    [{ from: '2026-04-02', to: '2026-04-01' }],
    [{ from: '2025-01-01', to: '2026-04-01' }],
    [{ from: '2026-02-30', to: '2026-04-01' }],
    [{ from: 'yesterday', to: '2026-04-01' }],
  ])('%o is refused', async (input) => {
    expect((await figures(input)).errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  });

  test('an event that is told late moves nothing twice', async () => {
    const before = await figures({ from: '2026-03-01', to: '2026-04-30' }, MONITOR, 'total { decided meanWorkingDays }');
    // a hearing took out three of the six days
    world.tell('2', 'SPECIAL_PROCEDURE_STARTED', '2026-03-03 09:00', { procedureKind: 'HEARING' });
    world.tell('2', 'SPECIAL_PROCEDURE_FINISHED', '2026-03-06 09:00', { procedureKind: 'HEARING' });
    await vi.waitFor(async () => {
      const { data } = await figures({ from: '2026-03-01', to: '2026-04-30' }, MONITOR, 'total { decided onTime meanWorkingDays }');
      expect(data?.['caseFigures'].total).toEqual({ decided: 5, onTime: 3, meanWorkingDays: (2 + 3 + 22 + 2) / 4 });
    }, WAITING);
    expect(before.data?.['caseFigures'].total).toEqual({ decided: 5, meanWorkingDays: 8 });
  });
});
