import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EventFeed, type FeedEvent, type NewEvent } from '../../../../subgraphs/kit/feed/event-feed.js';
import { PRODUCER_TABLES } from '../../../../subgraphs/kit/feed/feed-tables.js';
import * as mysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as sqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { InProcessWakeUp, type WakeUp } from '../../../../subgraphs/kit/feed/wake-up.js';
import { decodePosition, encodePosition } from '../../../../subgraphs/kit/schema/connection.js';
import { openStore, type StoreDefinition } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { STORES } from '../../../support/stores.js';

const DEFINITION: StoreDefinition = {
  tables: PRODUCER_TABLES,
  migrations: { sqlite: sqlite.producerMigrations, mysql: mysql.producerMigrations },
};

const event = (subject: string, scope = 'drug'): NewEvent => ({ kind: 'K', scope, subject, payload: { subject }, occurredAt: new Date(0) });

async function take(events: AsyncIterator<FeedEvent>, count: number): Promise<FeedEvent[]> {
  const taken: FeedEvent[] = [];
  while (taken.length < count) {
    const step = await events.next();
    if (step.done === true) break;
    taken.push(step.value);
  }
  return taken;
}

/** A wake-up that never wakes anybody, as when Redis is gone. */
const deaf: WakeUp = { notify() {}, listen: () => () => {}, async [Symbol.asyncDispose]() {} };

test('a follower whose read fails listens no more, whoever loops over it', async () => {
  const wakeUp = new InProcessWakeUp();
  await using store = await openStore(storeAddress('memory:', 'feed'), DEFINITION);
  const feed = await EventFeed.open(store, { wakeUp });
  const before = wakeUp.listeners;
  const follower = await feed.follow();
  expect(wakeUp.listeners).toBe(before + 1);
  feed.read = async () => {
    throw new Error('the store is away');
  };
  await expect(
    (async () => {
      for await (const _event of follower);
    })(),
  ).rejects.toThrow('away');
  expect(wakeUp.listeners).toBe(before);
  expect(await follower.next()).toEqual({ value: undefined, done: true });
});

describe.each(STORES)('the event feed on $name', ({ skip, open }) => {
  test.skipIf(skip)('ends at the very cursor of its last event: who shares streams tells by it that they are at one place', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'feed'), DEFINITION);
    const feed = await EventFeed.open(store);
    expect(await feed.end()).toBe(await feed.start());
    for (let n = 0; n < 3; n++) {
      await feed.transaction(store.fork(), async (_tx, append) => append(event(`s${n}`)));
      const [last] = (await feed.page({ after: undefined }, 10)).slice(-1);
      expect(await feed.end()).toBe(feed.cursorOf(last as FeedEvent));
    }
  });

  test.skipIf(skip)('20 concurrent writers: a follower sees every event once, gapless and in commit order', async () => {
    await using files = await open();
    // two instances of the subgraph, on MySQL with connections of their own
    await using store = await openStore(storeAddress(files.url, 'feed'), DEFINITION);
    const feed = await EventFeed.open(store, { pollInterval: 20 });
    const follower = await feed.follow();
    const writers = 20;
    const each = 25;
    /** The order in which writers learnt that they were committed, per writer. */
    const written: string[] = [];
    const reading = take(follower, writers * each);
    await Promise.all(
      Array.from({ length: writers }, async (_, writer) => {
        for (let n = 0; n < each; n++) {
          await feed.transaction(store.fork(), async (tx, append) => {
            // a writer that lingers between its change and its commit is what an auto-increment would lose
            await tx.execute('select position from feed_head');
            await append(event(`${writer}-${n}`));
          });
          written.push(`${writer}-${n}`);
        }
      }),
    );
    const seen = await reading;
    await follower.return();
    expect(seen.map(({ position }) => position)).toEqual(Array.from({ length: writers * each }, (_, index) => index + 1));
    expect(new Set(seen.map(({ subject }) => subject))).toEqual(new Set(written));
    for (let writer = 0; writer < writers; writer++) {
      const own = seen.filter(({ subject }) => subject.startsWith(`${writer}-`)).map(({ subject }) => subject);
      expect(own).toEqual(Array.from({ length: each }, (_, n) => `${writer}-${n}`));
    }
  });

  test.skipIf(skip)('a rolled back change leaves neither an event nor a gap', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'feed'), DEFINITION);
    const feed = await EventFeed.open(store);
    await feed.transaction(store.fork(), async (_tx, append) => append(event('a')));
    const id = randomUUID();
    await feed.transaction(store.fork(), async (_tx, append) => append({ ...event('b'), id }));
    // the same id again violates the unique key after the head was moved
    await expect(feed.transaction(store.fork(), async (_tx, append) => append({ ...event('c'), id }))).rejects.toThrow();
    await feed.transaction(store.fork(), async (_tx, append) => append(event('d')));
    const events = await feed.page({}, 10);
    expect(events.map(({ position, subject }) => [position, subject])).toEqual([
      [1, 'a'],
      [2, 'b'],
      [3, 'd'],
    ]);
  });

  test.skipIf(skip)('resumes after a cursor, filtered, and finds what came while no wake-up worked', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'feed'), DEFINITION);
    const feed = await EventFeed.open(store, { wakeUp: deaf, pollInterval: 10 });
    await feed.transaction(store.fork(), async (_tx, append) => append(event('a'), event('b', 'housing'), event('c')));
    const [first] = await feed.page({}, 1);
    const follower = await feed.follow({ after: feed.cursorOf(first as FeedEvent), filter: { scope: 'drug' } });
    expect((await take(follower, 1)).map(({ subject }) => subject)).toEqual(['c']);
    const waiting = take(follower, 1);
    await feed.transaction(store.fork(), async (_tx, append) => append(event('d', 'housing'), event('e')));
    expect((await waiting).map(({ subject }) => subject)).toEqual(['e']);
    await follower.return();
  });

  test.skipIf(skip)('following after the end begins with what is committed from then on', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'feed'), DEFINITION);
    const feed = await EventFeed.open(store);
    await feed.transaction(store.fork(), async (_tx, append) => append(event('a')));
    const end = await feed.end();
    await feed.transaction(store.fork(), async (_tx, append) => append(event('b')));
    const follower = await feed.follow({ after: end });
    expect((await take(follower, 1)).map(({ subject }) => subject)).toEqual(['b']);
    await follower.return();
  });

  test.skipIf(skip)('a follower that leaves while it waits is let go at once', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'feed'), DEFINITION);
    const feed = await EventFeed.open(store, { pollInterval: 3_600_000 });
    const follower = await feed.follow();
    const waiting = follower.next();
    await follower.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
  });

  test.skipIf(skip)('cursors that are not its own are told apart', async () => {
    await using files = await open();
    await using one = await openStore(storeAddress(files.url, 'one'), DEFINITION);
    await using two = await openStore(storeAddress(files.url, 'two'), DEFINITION);
    const feed = await EventFeed.open(one);
    const other = await EventFeed.open(two);
    await expect(feed.follow({ after: other.cursorOf({ position: 0 }) })).rejects.toMatchObject({ code: 'CURSOR_FOREIGN' });
    await expect(feed.follow({ after: encodePosition('cases', [1, 'x']) })).rejects.toMatchObject({ code: 'CURSOR_FOREIGN' });
    expect(() => decodePosition('cases', feed.cursorOf({ position: 0 }), 2)).toThrow(expect.objectContaining({ code: 'CURSOR_FOREIGN' }));
    await expect(feed.follow({ after: 'nonsense' })).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(feed.follow({ after: feed.cursorOf({ position: 7 }) })).rejects.toMatchObject({ code: 'CURSOR_AHEAD' });
    // the same feed opened again gives and takes the same cursors
    expect((await EventFeed.open(one)).feedId).toBe(feed.feedId);
  });
});
