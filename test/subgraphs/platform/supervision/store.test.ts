import { describe, expect, test } from 'vitest';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { AlertChanges } from '../../../../subgraphs/platform/supervision/alerts/alert-changes.js';
import { keepAlerts } from '../../../../subgraphs/platform/supervision/alerts/keep-alerts.js';
import { DEFAULT_RULES } from '../../../../subgraphs/platform/supervision/configuration/supervision-rules.js';
import { SUPERVISION_STORE } from '../../../../subgraphs/platform/supervision/store/definition.js';
import { alerts } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { STORES } from '../../../support/stores.js';

describe.each(STORES)('the tables of supervision on $name', ({ skip, open }) => {
  test.skipIf(skip)('are what the migrations make', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'supervision'), SUPERVISION_STORE);
    expect(await missingStatements(store)).toEqual([]);
  });

  test.skipIf(skip)('are made and read by the other driver of the dialect too', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url.replace(/^mariadb:/, 'mysql:'), 'supervision'), SUPERVISION_STORE);
    expect(await store.fork().count(alerts)).toBe(0);
  });

  test.skipIf(skip)('keep an alert once whose occurrence is longer than its column', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'supervision'), SUPERVISION_STORE);
    const feed = await EventFeed.open(store);
    const at = new Date('2026-03-02T00:00:00Z');
    const findings = ['1', '2'].map((last) => ({ rule: 'PAUSED_TOO_LONG' as const, occurrence: 'H'.repeat(90) + last, at, over: null }));
    const judgement = { subject: 'a', departmentCode: 'drug', itemCode: null, caseNumber: null, findings };
    for (const _ of [1, 2]) {
      await feed.transaction(store.fork(), async (tx, append) => {
        const changes = new AlertChanges(tx, at);
        await keepAlerts({ tx, changes, rules: DEFAULT_RULES }, [judgement]);
        await changes.flush(append);
      });
    }
    expect(await store.fork().find(alerts, {})).toMatchObject([{ state: 'OPEN' }, { state: 'OPEN' }]);
  });
});
