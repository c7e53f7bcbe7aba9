import { describe, expect, test } from 'vitest';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { SUPERVISION_STORE } from '../../../../subgraphs/platform/supervision/store/definition.js';
import { alerts, supervisedCases } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { testKeys } from '../../../support/personal-data-keys.js';
import { STORES } from '../../../support/stores.js';

const AT = new Date('2026-03-02T01:00:00Z');

// a number that a department reports of itself is whatever it is
describe.each(STORES)('numbers that differ in case or accents alone, on $name', ({ skip, open }) => {
  test.skipIf(skip)('are different cases, and what is found of one is not found of the other', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'supervision'), SUPERVISION_STORE, testKeys());
    const numbers = ['outside:drug:Ab-1', 'outside:drug:ab-1', 'outside:drug:áb-1'];
    for (const [index, id] of numbers.entries()) {
      const em = store.fork();
      em.create(supervisedCases, {
        id,
        departmentCode: 'drug',
        itemCode: null,
        caseNumber: null,
        channel: null,
        promisedDays: null,
        statutoryDays: null,
        facts: {} as never,
        contributions: [],
        nextCheckAt: null,
        pending: false,
      });
      em.create(alerts, {
        id: String(index),
        subject: id,
        rule: 'OUTSIDE_PLATFORM',
        occurrence: '',
        level: 'RED',
        state: 'OPEN',
        inHand: true,
        place: `2026-03-02:${index}`,
        departmentCode: 'drug',
        itemCode: null,
        caseNumber: null,
        arisenAt: AT,
        raisedAt: AT,
        dueAt: null,
        overAt: null,
        orderDueAt: null,
        detail: {} as never,
        moveCount: 0,
      } as never);
      await em.flush();
    }
    for (const [index, id] of numbers.entries()) {
      expect((await store.fork().findOne(supervisedCases, id))?.id).toBe(id);
      expect((await store.fork().find(alerts, { subject: id })).map((alert) => alert.id)).toEqual([String(index)]);
    }
  });
});
