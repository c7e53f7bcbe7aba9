import { describe, expect, test } from 'vitest';
import { EventQueue, StreamFailure } from '../../../gateway/subscriptions/event-queue.js';

function setUp(limit = 3) {
  let released = 0;
  const queue = new EventQueue<number>(limit, () => void released++);
  return { queue, released: () => released };
}

describe('an event queue', () => {
  test('gives events in order, waiting or not', async () => {
    const { queue } = setUp();
    queue.push(1);
    queue.push(2);
    expect(await queue.next()).toEqual({ value: 1, done: false });
    expect(await queue.next()).toEqual({ value: 2, done: false });
    const third = queue.next();
    queue.push(3);
    expect(await third).toEqual({ value: 3, done: false });
  });

  test('takes no more than its limit', () => {
    const { queue } = setUp(2);
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
  });

  test('ends after what is queued, with its failure once', async () => {
    const { queue, released } = setUp();
    queue.push(1);
    const failure = new StreamFailure(['x']);
    queue.end(failure);
    queue.end();
    expect(released()).toBe(1);
    expect(await queue.next()).toEqual({ value: 1, done: false });
    await expect(queue.next()).rejects.toBe(failure);
    expect(await queue.next()).toEqual({ value: undefined, done: true });
    expect(queue.push(2)).toBe(true);
    expect((await queue.next()).done).toBe(true);
  });

  test('lets a reader leave at once while it waits', async () => {
    const { queue, released } = setUp();
    const waiting = queue.next();
    await queue.return();
    expect(released()).toBe(1);
    expect((await waiting).done).toBe(true);
    expect((await queue.next()).done).toBe(true);
  });

  test('tells a waiting reader of the failure', async () => {
    const { queue } = setUp();
    const waiting = queue.next();
    queue.end(new StreamFailure([]));
    await expect(waiting).rejects.toBeInstanceOf(StreamFailure);
    expect((await queue.next()).done).toBe(true);
  });
});
