import { describe, expect, test } from 'vitest';
import { Breaker } from '../../../gateway/fetching/breaker.js';
import { Bulkhead } from '../../../gateway/fetching/bulkhead.js';

describe('a breaker', () => {
  const setUp = () => {
    const clock = { now: 0 };
    const breaker = new Breaker({ failures: 3, probeEveryMs: 100, now: () => clock.now });
    return { clock, breaker };
  };

  test('opens after consecutive failures only', () => {
    const { breaker } = setUp();
    breaker.failed();
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    breaker.failed();
    expect([breaker.open, breaker.admits(), breaker.admits()]).toEqual([false, true, true]);
    breaker.failed();
    expect([breaker.open, breaker.admits()]).toEqual([true, false]);
  });

  test('lets one probe through per interval, also when a probe never reports back', () => {
    const { breaker, clock } = setUp();
    for (let i = 0; i < 3; i++) breaker.failed();
    clock.now = 99;
    expect(breaker.admits()).toBe(false);
    clock.now = 100;
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
    clock.now = 200;
    expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
    breaker.failed();
    expect(breaker.admits()).toBe(false);
    clock.now = 300;
    expect(breaker.admits()).toBe(true);
    breaker.succeeded();
    expect([breaker.open, breaker.admits(), breaker.admits()]).toEqual([false, true, true]);
  });
});

describe('a bulkhead', () => {
  const never = new AbortController().signal;

  test('admits so many, queues so many in order, turns the rest away', async () => {
    const bulkhead = new Bulkhead(2, 2);
    expect(await bulkhead.enter(never)).toBe(true);
    expect(await bulkhead.enter(never)).toBe(true);
    const order: number[] = [];
    const third = bulkhead.enter(never).then((admitted) => admitted && order.push(3));
    const fourth = bulkhead.enter(never).then((admitted) => admitted && order.push(4));
    expect(await bulkhead.enter(never)).toBe(false);
    bulkhead.leave();
    await third;
    bulkhead.leave();
    await fourth;
    expect(order).toEqual([3, 4]);
  });

  test('forgets who gave up waiting', async () => {
    const bulkhead = new Bulkhead(1, 1);
    await bulkhead.enter(never);
    const impatient = new AbortController();
    const waiting = bulkhead.enter(impatient.signal);
    impatient.abort();
    expect(await waiting).toBe(false);
    expect(await bulkhead.enter(AbortSignal.abort())).toBe(false);
    bulkhead.leave();
    expect(await bulkhead.enter(never)).toBe(true);
  });
});
