import { pino } from 'pino';
import { WorkingCalendar } from '../../../../../subgraphs/kit/calendar/working-calendar.js';
import { EventFeed } from '../../../../../subgraphs/kit/feed/event-feed.js';
import { openStore } from '../../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../../subgraphs/kit/store/store-address.js';
import { NoticeCalendar } from '../../../../../subgraphs/platform/supervision/calendar/notice-calendar.js';
import { DEFAULT_RULES, type SupervisionRules } from '../../../../../subgraphs/platform/supervision/configuration/supervision-rules.js';
import type { LedgerEvent } from '../../../../../subgraphs/platform/supervision/facts/ledger-event.js';
import { keepItem } from '../../../../../subgraphs/platform/supervision/following/keep-item.js';
import { observeEvents } from '../../../../../subgraphs/platform/supervision/following/observe-events.js';
import { SUPERVISION_STORE } from '../../../../../subgraphs/platform/supervision/store/definition.js';
import type { Supervision } from '../../../../../subgraphs/platform/supervision/supervision.js';
import { checkDue } from '../../../../../subgraphs/platform/supervision/timers/check-due.js';
import { testKeys } from '../../../../support/personal-data-keys.js';
import { DEPARTMENTS, ITEMS } from './script.js';

/** Supervision without its network: events are handed to it, and time is what the test says. */
export class Supervised implements AsyncDisposable {
  private constructor(
    readonly supervision: Supervision,
    readonly time: { now: Date },
  ) {}

  static async open(
    url: string,
    time = { now: new Date('2026-03-01T00:00:00Z') },
    rules: SupervisionRules = DEFAULT_RULES,
  ): Promise<Supervised> {
    const store = await openStore(storeAddress(url, 'supervision'), SUPERVISION_STORE, KEYS);
    const feed = await EventFeed.open(store);
    const calendar = new NoticeCalendar(new WorkingCalendar());
    const log = pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' });
    return new Supervised({ store, feed, calendar, rules, clock: () => time.now, log }, time);
  }

  async observe(events: readonly LedgerEvent[]): Promise<void> {
    const { feed, store } = this.supervision;
    await feed.transaction(store.fork(), (tx, append) => observeEvents(tx, append, events, this.supervision));
  }

  /** The items of the simulation, as the catalogue tells of them. */
  async offer(): Promise<void> {
    const { feed, store } = this.supervision;
    for (const departmentCode of DEPARTMENTS) {
      for (const { code: itemCode, reviewDays } of ITEMS) {
        const id = `i-${departmentCode}-${itemCode}`;
        const steps = [{ code: 'review', limitDays: reviewDays }];
        const event = {
          id,
          cursor: id,
          kind: 'DECLARED',
          occurredAt: '2026-01-05T01:00:00Z',
          departmentCode,
          itemCode,
          state: 'ACTIVE',
          steps,
          reviewRuleVersion: 2,
        };
        await feed.transaction(store.fork(), (tx, append) => keepItem(tx, append, event, this.supervision));
      }
    }
  }

  /** Looks at whatever is due, until nothing is. */
  async settle(limit?: number): Promise<void> {
    while ((await checkDue(this.supervision, limit)) > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervision.store[Symbol.asyncDispose]();
  }
}

const KEYS = testKeys();
