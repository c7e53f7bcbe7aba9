import 'reflect-metadata';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { WorkingCalendar } from '../../../subgraphs/kit/calendar/working-calendar.js';
import { EventFeed } from '../../../subgraphs/kit/feed/event-feed.js';
import { openStore, type Store } from '../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import { readInbox } from '../../../subgraphs/platform/acceptance/inbox/read-inbox.js';
import type { Ledger } from '../../../subgraphs/platform/acceptance/ledger.js';
import { listCases } from '../../../subgraphs/platform/acceptance/lists/list-cases.js';
import { createLoaders as ledgerLoaders } from '../../../subgraphs/platform/acceptance/loaders.js';
import { LEDGER_STORE } from '../../../subgraphs/platform/acceptance/store/definition.js';
import { countAlerts, listAlerts } from '../../../subgraphs/platform/supervision/alerts/list-alerts.js';
import { NoticeCalendar } from '../../../subgraphs/platform/supervision/calendar/notice-calendar.js';
import { DEFAULT_RULES } from '../../../subgraphs/platform/supervision/configuration/supervision-rules.js';
import { readFigures } from '../../../subgraphs/platform/supervision/figures/read-figures.js';
import { createLoaders } from '../../../subgraphs/platform/supervision/loaders.js';
import { SUPERVISION_STORE } from '../../../subgraphs/platform/supervision/store/definition.js';
import type { Supervision } from '../../../subgraphs/platform/supervision/supervision.js';
import { checkDue, nextDue } from '../../../subgraphs/platform/supervision/timers/check-due.js';
import type { AlertFilter } from '../../../subgraphs/platform/supervision/types/inputs.js';
import { madeUpCase, seedLedger } from '../../bench/ledger/seed-ledger.js';
import { seedSupervision } from '../../bench/ledger/seed-supervision.js';
import { caller } from '../../support/environment.js';
import { testKeys } from '../../support/personal-data-keys.js';
import { plansOf, unindexed } from '../../support/query-plans.js';
import { STORES } from '../../support/stores.js';

/** Enough for a planner to prefer an index; `QUERY_PLAN_CASES=100000` is a large department's ledger. */
const CASES = Number(process.env['QUERY_PLAN_CASES'] ?? 20_000);
const MONITOR = caller('monitor', 'monitor');
const OFFICER = caller('officer', 'department:drug');

/** The tables that grow with the cases; the catalogue's items, the tallies and the notices of years don't. */
const LARGE = /from .(alert|alert_move|supervised_case|accepted_case|case_progress|inbox_entry). /;
/** What MikroORM asks before it updates rows: a few that it names by their keys. */
const ROWS_BY_KEY = /.version. = \?/;

/** Each question, and what its plan says of tables read whole or rows sorted afterwards: nothing. */
async function expectIndexed(store: Store, questions: Record<string, () => Promise<unknown>>): Promise<void> {
  const found: Record<string, string[]> = {};
  for (const [name, ask] of Object.entries(questions)) {
    const plans = await plansOf(store, ask);
    const large = plans.filter(({ sql }) => LARGE.test(sql) && !ROWS_BY_KEY.test(sql));
    expect(large.length, name).toBeGreaterThan(0);
    const bad = large.flatMap((plan) => unindexed(plan, store.address.dialect).map((step) => `${step} | ${plan.sql.slice(0, 300)}`));
    if (bad.length > 0) found[name] = bad;
  }
  expect(found).toEqual({});
}

async function analyze(store: Store, tables: readonly string[]): Promise<void> {
  for (const table of tables)
    await store.fork().execute(store.address.dialect === 'sqlite' ? `analyze ${table}` : `analyze table ${table}`);
}

describe.each(STORES)(`${CASES} cases on $name`, { timeout: 600_000 }, ({ skip, open }) => {
  test.skipIf(skip)('alerts, what is due, and figures are found by index', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'supervision'), SUPERVISION_STORE, testKeys());
    await seedSupervision(store, CASES);
    await analyze(store, ['alert', 'supervised_case', 'case_figure', 'alert_tally']);
    const feed = await EventFeed.open(store);
    const now = new Date('2026-10-01T00:00:00Z');
    const calendar = new NoticeCalendar(new WorkingCalendar());
    const supervision: Supervision = { store, feed, calendar, rules: DEFAULT_RULES, clock: () => now, log: pino({ level: 'silent' }) };
    const page = (who: typeof MONITOR, filter: AlertFilter) => async () => {
      const { pageInfo, nodes } = await listAlerts(supervision, who, { filter, first: 20 });
      expect(nodes).toHaveLength(20);
      await listAlerts(supervision, who, { filter, first: 20, after: pageInfo.endCursor });
    };
    const figures = { from: '2026-03-01', to: '2026-03-31' };
    await expectIndexed(store, {
      'every alert': page(MONITOR, {}),
      'in hand': page(MONITOR, { inHand: true }),
      'of a level, in hand': page(MONITOR, { level: 'YELLOW', inHand: true }),
      'in a state': page(MONITOR, { state: 'OPEN' }),
      'by a rule, in hand': page(MONITOR, { rule: 'PROMISED_OVERDUE', inHand: true }),
      'of a department': page(OFFICER, {}),
      'of a department, in hand': page(OFFICER, { inHand: true }),
      'of a department, in a state, of a level': page(MONITOR, { departmentCode: 'drug', state: 'CLOSED', level: 'RED' }),
      'of a case': () => listAlerts(supervision, MONITOR, { filter: { caseNumber: madeUpCase(3, CASES).number }, first: 20 }),
      'of cases, together': async () => {
        const { alertsOfCase } = createLoaders(supervision);
        await Promise.all([3, 6, 9].map((n) => alertsOfCase.load(madeUpCase(n, CASES).number)));
      },
      'when the next is due': () => nextDue(supervision),
      'what is due': () => checkDue(supervision, 50),
    });

    // sums of a group are sorted as groups; what matters is that only those of the period are read
    for (const ask of [
      () => readFigures(supervision, MONITOR, { ...figures, groupBy: ['DEPARTMENT'] }),
      () => readFigures(supervision, OFFICER, { ...figures, groupBy: ['ITEM', 'DAY'] }),
    ]) {
      for (const { sql, steps } of await plansOf(store, ask)) {
        const read = steps.filter((step) => /case_figure/.test(step));
        expect(read.length, sql).toBe(1);
        if (store.address.dialect === 'sqlite') expect(read[0]).toMatch(/^SEARCH case_figure USING INDEX \S+ \(.*day/);
        else expect(read[0]).toMatch(/case_figure (range|ref|index_merge) key=(PRIMARY|case_figure_)/);
      }
    }
    const tallies = await plansOf(store, () => countAlerts(supervision, MONITOR, null));
    expect(tallies.every(({ sql }) => /alert_tally/.test(sql))).toBe(true);
  });

  test.skipIf(skip)('the inbox, lists and a single case of the ledger are found by index', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'acceptance'), LEDGER_STORE, testKeys());
    await seedLedger(store, CASES);
    await analyze(store, ['accepted_case', 'inbox_entry', 'inbox_count']);
    const feed = await EventFeed.open(store);
    const ledger = { store, feed, personalData: testKeys() } as unknown as Ledger;
    const list =
      (who: typeof MONITOR, filter: object, orderBy: 'ACCEPTED_LATEST_FIRST' | 'PROMISED_DUE_FIRST' = 'ACCEPTED_LATEST_FIRST') =>
      async () => {
        const { pageInfo } = await listCases(ledger, who, { filter, orderBy, first: 20 });
        await listCases(ledger, who, { filter, orderBy, first: 20, after: pageInfo.endCursor });
      };
    await expectIndexed(store, {
      "a department's inbox": async () => {
        const { pageInfo } = await readInbox({ store }, OFFICER, 20);
        await readInbox({ store }, OFFICER, 20, pageInfo.endCursor);
      },
      'every case': list(MONITOR, {}),
      'by due date': list(MONITOR, {}, 'PROMISED_DUE_FIRST'),
      'of a department': list(OFFICER, {}),
      'of a department, by due date': list(OFFICER, {}, 'PROMISED_DUE_FIRST'),
      'of an item': list(MONITOR, { departmentCode: 'drug', itemCode: 'item-6' }),
      'in a stage': list(MONITOR, { stage: 'IN_REVIEW' }),
      'of a department, open': list(MONITOR, { departmentCode: 'drug', open: true }),
      'by number': async () => {
        await ledgerLoaders({ store, feed }).caseByNumber.load(madeUpCase(7, CASES).number);
      },
    });
  });
});
