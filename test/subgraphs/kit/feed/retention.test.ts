import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { EventFeed, type FeedEvent, type NewEvent } from '../../../../subgraphs/kit/feed/event-feed.js';
import { CONSUMER_TABLES, feedEvents, feedMarks, PRODUCER_TABLES } from '../../../../subgraphs/kit/feed/feed-tables.js';
import type { FeedFollower } from '../../../../subgraphs/kit/feed/follower.js';
import * as mysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as sqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { FeedProjection } from '../../../../subgraphs/kit/feed/projection.js';
import { FeedRetention, type RetentionPolicy } from '../../../../subgraphs/kit/feed/retention.js';
import { openStore, type Store, type StoreDefinition } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { STORES } from '../../../support/stores.js';

const DEFINITION: StoreDefinition = {
  tables: [...PRODUCER_TABLES, ...CONSUMER_TABLES],
  migrations: {
    sqlite: [...sqlite.producerMigrations, ...sqlite.consumerMigrations],
    mysql: [...mysql.producerMigrations, ...mysql.consumerMigrations],
  },
};
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NEVER = new Date(0);

const event = (subject: string): NewEvent => ({ kind: 'K', scope: 'drug', subject, payload: {}, occurredAt: new Date(0) });

describe.each(STORES)('what a feed on $name keeps', ({ skip, open }) => {
  async function world() {
    const stack = new AsyncDisposableStack();
    const files = stack.use(await open());
    const store = stack.use(await openStore(storeAddress(files.url, 'feed'), DEFINITION));
    const feed = await EventFeed.open(store, { pollInterval: 10 });
    const write = (...subjects: string[]) =>
      feed.transaction(store.fork(), async (_tx, append) => append(...subjects.map((subject) => event(subject))));
    /** Gives up everything that is there now. */
    const pruneAll = async () => {
      await feed.mark(NEVER);
      return feed.prune({ before: NEVER, butNotSince: NEVER });
    };
    const kept = async () => (await store.fork().find(feedEvents, {}, { orderBy: { position: 'asc' } })).map(({ subject }) => subject);
    return { stack, files, store, feed, write, pruneAll, kept };
  }
  const next = async (follower: FeedFollower) => (await follower.next()).value?.subject;

  test.skipIf(skip)('a cursor before the oldest is refused with the oldest there is, and so is none', async () => {
    const { stack, feed, write, pruneAll, kept } = await world();
    await using _stack = stack;
    const atFirst = await feed.start();
    await write('a', 'b');
    const [a, b] = (await feed.page({}, 10)) as [FeedEvent, FeedEvent];
    expect(await pruneAll()).toBe(2);
    expect(await kept()).toEqual([]);
    await write('c');
    const oldest = feed.cursorOf({ position: b.position });
    for (const after of [feed.cursorOf(a), atFirst, undefined, null]) {
      const refused = { code: 'CURSOR_EXPIRED', extensions: { code: 'CURSOR_EXPIRED', oldest } };
      await expect(feed.page({ after }, 10)).rejects.toMatchObject(refused);
      await expect(feed.follow({ after })).rejects.toMatchObject(refused);
    }
    expect(await feed.start()).toBe(oldest);
    expect((await feed.page({ after: oldest }, 10)).map(({ subject }) => subject)).toEqual(['c']);
    // opened again, it still knows
    const again = await EventFeed.open(feed.store);
    expect(await again.start()).toBe(oldest);
    await expect(again.follow({})).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
  });

  test.skipIf(skip)('who watches a subject that is quiet goes on; who has fallen behind is told', async () => {
    const { stack, feed, write, pruneAll } = await world();
    await using _stack = stack;
    const quiet = await feed.follow({ filter: { subject: 'quiet' } });
    const behind = await feed.follow({ filter: { scope: 'drug' } });
    stack.defer(async () => void (await Promise.all([quiet.return(), behind.return()])));
    await write('quiet', 'loud');
    expect(await next(quiet)).toBe('quiet');
    expect(await next(behind)).toBe('quiet');
    const waiting = next(quiet);
    await write('loud');
    // it has looked at what its filter passes over
    await expect.poll(() => quiet.position).toBe(3);
    const passed = await feed.follow({ after: feed.cursorOf({ position: 3 }) });
    await pruneAll();
    await write('quiet', 'loud');
    expect(await next(passed)).toBe('quiet');
    await passed.return();
    expect(await waiting).toBe('quiet');
    // what it had read before it was given up is still its own
    expect(await next(behind)).toBe('loud');
    await expect(next(behind)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED', extensions: { oldest: feed.cursorOf({ position: 3 }) } });
  });

  test.skipIf(skip)('beside writers, readers and others that prune: nobody misses an event without being told', async () => {
    const { stack, files, store, feed, write, pruneAll } = await world();
    await using _stack = stack;
    // a second instance of the subgraph; a file has but one
    const second = files.url.startsWith('file:') ? store : stack.use(await openStore(storeAddress(files.url, 'feed'), DEFINITION));
    const other = await EventFeed.open(second, { pollInterval: 5 });
    const writing = { now: true };
    const writers = Array.from({ length: 4 }, async () => {
      for (let n = 0; n < 40; n++) await write('x', 'y', 'z');
    });
    const pruner = async (mine: EventFeed) => {
      while (writing.now) {
        await mine.mark(NEVER);
        await mine.prune({ before: NEVER, butNotSince: NEVER });
      }
    };
    const reader = async (mine: EventFeed) => {
      let position = 0;
      const seen: number[] = [];
      while (writing.now || position < 480) {
        try {
          const { events, until } = await mine.read(position, {}, 7);
          // whole from where it asked
          expect(events.map((each) => each.position)).toEqual(events.map((_, index) => position + 1 + index));
          seen.push(...events.map((each) => each.position));
          position = until;
        } catch (error) {
          expect(error).toMatchObject({ code: 'CURSOR_EXPIRED' });
          position = await mine.positionOf((error as { extensions: { oldest: string } }).extensions.oldest);
        }
      }
      return seen;
    };
    const running = [pruner(feed), pruner(other)];
    const reading = [reader(feed), reader(other)];
    await Promise.all(writers);
    writing.now = false;
    await Promise.all(running);
    for (const seen of await Promise.all(reading)) expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    await pruneAll();
    expect(await store.fork().count(feedEvents)).toBe(0);
    await write('after');
    expect((await feed.page({ after: await feed.start() }, 10)).map(({ position }) => position)).toEqual([481]);
  });

  test.skipIf(skip)('a page whose events are given up while it is read is refused, not cut short', async () => {
    const { stack, store, write, pruneAll } = await world();
    await using _stack = stack;
    await write('a', 'b', 'c');
    let pruned = 0;
    const racing = {
      fork() {
        const em = store.fork();
        const find = em.find.bind(em) as (...args: unknown[]) => Promise<unknown>;
        em.find = (async (...args: unknown[]) => {
          if (args[0] === feedEvents && pruned === 0) {
            pruned = await pruneAll();
            await write('d');
          }
          return find(...args);
        }) as never;
        return em;
      },
    };
    const feed = await EventFeed.open(racing as unknown as Store);
    await expect(feed.page({}, 10)).rejects.toMatchObject({ code: 'CURSOR_EXPIRED' });
    expect(pruned).toBe(3);
    expect((await feed.page({ after: await feed.start() }, 10)).map(({ subject }) => subject)).toEqual(['d']);
  });

  test.skipIf(skip)('what a projection has not read yet is kept, and a new one begins with the oldest', async () => {
    const { stack, feed, write, pruneAll, kept } = await world();
    await using _stack = stack;
    await write('a');
    await pruneAll();
    const applied: string[] = [];
    let refuses = true;
    const refused = Promise.withResolvers<void>();
    const projection = stack.use(
      new FeedProjection({
        feed,
        name: 'slow',
        batch: 1,
        apply: async (_tx, [only]) => {
          if (refuses && only?.subject === 'c') throw new Error('not yet');
          applied.push(only?.subject ?? '');
        },
        onFailure: () => refused.resolve(),
      }),
    );
    await write('b', 'c', 'd');
    await refused.promise;
    expect(await pruneAll()).toBe(1);
    expect(await kept()).toEqual(['c', 'd']);
    refuses = false;
    await projection.passed(4);
    expect(applied).toEqual(['b', 'c', 'd']);
    expect(await pruneAll()).toBeGreaterThan(0);
    expect(await kept()).toEqual([]);
  });

  test.skipIf(skip)('goes by when events were written, and keeps those of the last hour whatever their number', async () => {
    const { stack, feed, write, kept, store } = await world();
    await using _stack = stack;
    let now = new Date('2026-03-02T00:00:00Z').getTime();
    const keep = (policy: RetentionPolicy) =>
      stack.use(new FeedRetention({ feed, policy, clock: () => new Date(now), log: pino({ level: 'silent' }), interval: 2 ** 30 }));
    const byAge = keep({ days: 2 });
    await byAge.pass();
    // said to have happened in 1970, but written now
    await write('a');
    await byAge.pass();
    now += DAY;
    await write('b');
    await byAge.pass();
    now += DAY - 1;
    await byAge.pass();
    expect(await kept()).toEqual(['a', 'b']);
    now += 1;
    await byAge.pass();
    expect(await kept()).toEqual(['b']);
    const byNumber = keep({ events: 1 });
    await byNumber.pass();
    await write('c', 'd');
    await byNumber.pass();
    // b was written long ago, c just now
    expect(await kept()).toEqual(['c', 'd']);
    now += HOUR;
    await byNumber.pass();
    expect(await kept()).toEqual(['d']);
    // marks do not pile up
    now += 10 * DAY;
    await byAge.pass();
    await byAge.pass();
    expect(await store.fork().count(feedMarks)).toBeLessThanOrEqual(2);
    const forEver = keep({});
    await forEver.pass();
  });
});
