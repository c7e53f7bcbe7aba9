import { describe, expect, test, vi } from 'vitest';
import { CataloguedError } from '../../../../subgraphs/kit/errors/catalogued-error.js';
import { dispatches, progress } from '../../../../subgraphs/platform/acceptance/store/tables.js';
import { caller } from '../../../support/environment.js';
import { openFiles, STORES } from '../../../support/stores.js';
import { APPLICANT, WAITING, WINDOW, World } from './world.js';

const DISPATCH = 'query($number: ID!) { case(number: $number) { dispatch { state attempts lastErrorCode nextAttemptAt deliveredAt } } }';

describe.each(STORES)('dispatch on $name', ({ skip, open }) => {
  test.skipIf(skip)('a case reaches its department once it is up; a dead department holds up nobody else', async () => {
    await using files = await open();
    await using world = await World.open(files.url);
    // so slow to try again that only the department's return can bring it about
    await world.start({}, { dispatchBackoff: { first: 600_000, most: 600_000 } });
    const drug = await world.department('drug');
    const transport = await world.department('transport');
    await world.known('drug');
    await world.known('transport');
    await drug.down();
    const waiting = await world.accepted('drug');
    await vi.waitFor(
      async () => expect((await world.ask(WINDOW, DISPATCH, { number: waiting })).data?.['case'].dispatch.lastErrorCode).not.toBeNull(),
      WAITING,
    );
    const other = await world.accepted('transport');
    await vi.waitFor(() => expect([...transport.received.keys()]).toEqual([other]), WAITING);
    const pending = await world.ask(WINDOW, DISPATCH, { number: waiting });
    expect(pending.data?.['case'].dispatch).toMatchObject({
      state: 'PENDING',
      attempts: 1,
      lastErrorCode: 'SUBGRAPH_UNAVAILABLE',
      deliveredAt: null,
    });
    expect(Date.parse(pending.data?.['case'].dispatch.nextAttemptAt)).toBeGreaterThan(Date.now());

    await drug.up();
    await vi.waitFor(async () => {
      const { data } = await world.ask(WINDOW, DISPATCH, { number: waiting });
      expect(data?.['case'].dispatch).toMatchObject({ state: 'DELIVERED', lastErrorCode: null, nextAttemptAt: null });
    }, WAITING);
    expect(drug.received.size).toBe(1);
  });

  test.skipIf(skip)('two instances hand each case over once', async () => {
    await using files = await open();
    await using world = await World.open(files.url);
    const first = await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    const second = await world.start();
    await using _first = first;
    const numbers = await Promise.all(Array.from({ length: 20 }, () => world.accepted('drug')));
    await vi.waitFor(async () => expect(await second.store.fork().count(dispatches, { state: 'DELIVERED' })).toBe(20), WAITING);
    expect(new Set(drug.calls.map(({ number }) => number))).toEqual(new Set(numbers));
    expect(drug.calls).toHaveLength(20);
    // both follow the department, and each event took effect once
    for (const number of numbers) await world.progress(WINDOW, 2, `(caseNumber: "${number}")`);
    expect(await second.store.fork().count(progress)).toBe(40);
  });
});

describe('dispatch', () => {
  test('a refusal is kept and shown to staff, tried again slowly, and at once when the department registers anew', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start({}, { dispatchBackoff: { first: 5, most: 600_000 } });
    const drug = await world.department('drug');
    await world.known('drug');
    drug.refusal = new CataloguedError('UNKNOWN_ITEM', '张三丰 11010519491231002X 13800005678 wants what we do not offer');
    const number = await world.accepted('drug');
    await vi.waitFor(async () => {
      const { data } = await world.ask(WINDOW, DISPATCH, { number });
      expect(data?.['case'].dispatch).toMatchObject({ state: 'REFUSED', attempts: 1, lastErrorCode: 'UNKNOWN_ITEM' });
      expect(Date.parse(data?.['case'].dispatch.nextAttemptAt) - Date.now()).toBeGreaterThan(500_000);
    }, WAITING);
    const row = await world.acceptance.store.fork().findOneOrFail(dispatches, number);
    expect(JSON.stringify(row)).not.toMatch(/张三丰|11010519491231002X|13800005678/);
    expect((await world.ask(APPLICANT, DISPATCH, { number })).data?.['case'].dispatch).toBeNull();

    drug.refusal = undefined;
    world.register(drug);
    await vi.waitFor(
      async () => expect((await world.ask(WINDOW, DISPATCH, { number })).data?.['case'].dispatch.state).toBe('DELIVERED'),
      WAITING,
    );
  });

  test('a worker that dies with a case in its hands loses nothing: its claim runs out', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    await world.known('drug');
    await drug.down();
    const number = await world.accepted('drug');
    await world.acceptance[Symbol.asyncDispose]();
    await drug.up();
    // what a worker killed while calling leaves behind
    await world.start({}, { dispatchBackoff: { first: 600_000, most: 600_000 }, dispatchPoll: 20 });
    await vi.waitFor(() => expect(drug.received.size).toBe(1), WAITING);
    await vi.waitFor(
      async () => expect((await world.acceptance.store.fork().findOneOrFail(dispatches, number)).state).toBe('DELIVERED'),
      WAITING,
    );
    const em = world.acceptance.store.fork();
    await em.nativeUpdate(
      dispatches,
      { caseNumber: number },
      { state: 'PENDING', claimedBy: 'a dead worker', nextAttemptAt: Date.now() + 100 },
    );
    await vi.waitFor(
      async () => expect((await world.acceptance.store.fork().findOneOrFail(dispatches, number)).state).toBe('DELIVERED'),
      WAITING,
    );
    expect(drug.calls.length).toBe(2);
    expect(drug.received.size).toBe(1);
  });

  test('a case its department fails at holds up no other; a department that fails at everything is left in peace', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    // whatever pauses, pauses for longer than the test
    await world.start({}, { dispatchBackoff: { first: 600_000, most: 600_000 }, dispatchPoll: 20 });
    const drug = await world.department('drug');
    await world.known('drug');
    let poisoned: string | undefined;
    drug.beforeReceiving = () => {
      poisoned ??= drug.calls[0]?.['number'];
      if (drug.calls.at(-1)?.['number'] === poisoned || drug.received.size === 2) throw new Error('a fault of the department');
    };
    const attempts = async (number: string) => (await world.acceptance.store.fork().findOneOrFail(dispatches, number)).attempts;
    const first = await world.accepted('drug');
    await vi.waitFor(async () => expect(await attempts(first)).toBe(1), WAITING);
    await world.accepted('drug');
    await world.accepted('drug');
    await vi.waitFor(() => expect(drug.received.size).toBe(2), WAITING);
    const failing: string[] = [];
    for (let n = 0; n < 4; n++) {
      const number = await world.accepted('drug');
      failing.push(number);
      await vi.waitFor(async () => expect(await attempts(number)).toBe(1), WAITING);
    }
    const last = await world.accepted('drug');
    // other departments' runs show that the dispatcher has looked at everything since
    await world.department('transport');
    await world.known('transport');
    const other = await world.accepted('transport');
    await vi.waitFor(
      async () => expect((await world.acceptance.store.fork().findOneOrFail(dispatches, other)).state).toBe('DELIVERED'),
      WAITING,
    );
    expect(await attempts(last)).toBe(0);
    expect(drug.received.size).toBe(2);
  });

  test('a department that takes too long is given up and asked again', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start({}, { receiveTimeout: 100 });
    const drug = await world.department('drug');
    await world.known('drug');
    const release = Promise.withResolvers<void>();
    drug.beforeReceiving = () => (drug.calls.length === 1 ? release.promise : undefined);
    await world.accepted('drug');
    await vi.waitFor(() => expect(drug.received.size).toBe(1), WAITING);
    release.resolve();
    expect(drug.calls.length).toBeGreaterThan(1);
  });

  test('only platform and staff learn how a dispatch fares', async () => {
    await using files = await openFiles();
    await using world = await World.open(files.url);
    await world.start();
    await world.department('drug');
    await world.known('drug');
    const number = await world.accepted('drug');
    for (const who of [caller('o', 'department:drug'), caller('m', 'monitor'), caller('c', 'centre')]) {
      expect((await world.ask(who, DISPATCH, { number })).data?.['case'].dispatch).toMatchObject({ state: expect.any(String) });
    }
  });
});
