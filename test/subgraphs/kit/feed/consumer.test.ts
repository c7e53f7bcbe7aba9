import 'reflect-metadata';
import { defineEntity, p } from '@mikro-orm/core';
import { Arg, Ctx, Field, ID, Int, ObjectType, Query, Resolver, Root, Subscription } from 'type-graphql';
import { describe, expect, test } from 'vitest';
import { EventRefused, FeedConsumer, type FeedSource, type SourceEvent } from '../../../../subgraphs/kit/feed/consumer.js';
import { EventFeed, type FeedEvent } from '../../../../subgraphs/kit/feed/event-feed.js';
import {
  appliedEvents,
  CONSUMER_TABLES,
  feedCursors,
  feedEvents,
  feedHeads,
  PRODUCER_TABLES,
} from '../../../../subgraphs/kit/feed/feed-tables.js';
import { FeedSourceError, graphqlSource } from '../../../../subgraphs/kit/feed/graphql-source.js';
import * as mysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as sqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { type FollowedFeed, followedFeeds, readAnew } from '../../../../subgraphs/kit/feed/rewound.js';
import { buildFederatedSchema } from '../../../../subgraphs/kit/schema/federated-schema.js';
import { Cursor } from '../../../../subgraphs/kit/schema/scalars.js';
import { serveSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import type { SubgraphEnvironment } from '../../../../subgraphs/kit/server/subgraph-environment.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { sqlMigration } from '../../../../subgraphs/kit/store/sql-migration.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { caller, testEnvironment } from '../../../support/environment.js';
import { STORES } from '../../../support/stores.js';

const notes = defineEntity({
  name: 'Note',
  tableName: 'note',
  properties: { id: p.integer().primary().autoincrement(), subject: p.string().length(64) },
});

@ObjectType()
class Thing {
  @Field(() => ID) id!: string;
  @Field(() => Cursor) cursor!: string;
  @Field() subject!: string;
}

interface ProducerContext {
  feed: EventFeed;
}

@Resolver()
class ThingResolver {
  @Query(() => Int) nothing(): number {
    return 0;
  }

  @Subscription(() => Thing, {
    subscribe: ({ args, context }: { args: { after?: string | null }; context: ProducerContext }) =>
      context.feed.follow({ after: args.after }) as never,
  })
  things(
    @Root() event: FeedEvent,
    @Ctx() { feed }: ProducerContext,
    @Arg('after', () => Cursor, { nullable: true }) _after?: string,
  ): Thing {
    return { id: event.id, cursor: feed.cursorOf(event), subject: event.subject };
  }
}

/** Serves the feed of a store as the subgraph `things`. */
async function serveFeed(environment: SubgraphEnvironment, feed: EventFeed) {
  const { schema } = await buildFederatedSchema<ProducerContext>({ resolvers: [ThingResolver] });
  return serveSubgraph<ProducerContext>({
    name: 'things',
    schema,
    context: () => ({ feed }),
    verifier: environment.verifier,
    log: environment.log,
  });
}

const append = (feed: EventFeed, store: Store, ...subjects: string[]) =>
  feed.transaction(store.fork(), async (_tx, add) =>
    add(...subjects.map((subject) => ({ kind: 'K', scope: 's', subject, payload: {}, occurredAt: new Date(0) }))),
  );

type Thingy = SourceEvent & { subject: string };

describe.each(STORES)('a consumer on $name', ({ skip, open }) => {
  async function world(url: string) {
    const stack = new AsyncDisposableStack();
    const environment = await testEnvironment(url);
    const source = stack.use(
      await openStore(storeAddress(url, 'source'), {
        tables: PRODUCER_TABLES,
        migrations: { sqlite: sqlite.producerMigrations, mysql: mysql.producerMigrations },
      }),
    );
    const store = stack.use(
      await openStore(storeAddress(url, 'target'), {
        tables: [...CONSUMER_TABLES, notes],
        migrations: {
          sqlite: [
            ...sqlite.consumerMigrations,
            sqlMigration('note', ['create table note (id integer primary key autoincrement, subject text not null)']),
          ],
          mysql: [
            ...mysql.consumerMigrations,
            sqlMigration('note', ['create table note (id int auto_increment primary key, subject varchar(64) not null)']),
          ],
        },
      }),
    );
    const feed = await EventFeed.open(source);
    const subgraph = stack.use(await serveFeed(environment, feed));
    return { stack, environment, source, store, feed, subgraph };
  }

  const noted = async (store: Store) => (await store.fork().find(notes, {}, { orderBy: { id: 'asc' } })).map(({ subject }) => subject);

  test.skipIf(skip)('applies each event once and in order, over a cut, a repeat and a restart', async () => {
    await using files = await open();
    const { stack, environment, source, store, feed, subgraph } = await world(files.url);
    await using _stack = stack;
    let url = subgraph.subscriptionUrl;
    const consume = (stopAfter: string) => {
      const reached = Promise.withResolvers<void>();
      const consumer = new FeedConsumer<Thingy>({
        store,
        source: graphqlSource<Thingy>({
          name: 'things',
          url: () => url,
          query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
          authorization: () => environment.tokens.authorization('things', caller('c', 'platform')),
        }),
        backoff: { first: 5, most: 20 },
        async apply(tx, event) {
          if (event.subject === 'poison') throw new EventRefused('no such thing');
          tx.create(notes, { subject: event.subject });
          if (event.subject === stopAfter) queueMicrotask(reached.resolve);
        },
      });
      return { consumer, reached: reached.promise };
    };
    await append(feed, source, 'a', 'b', 'poison', 'c');
    const first = consume('c');
    await first.reached;
    await first.consumer[Symbol.asyncDispose]();
    expect(await noted(store)).toEqual(['a', 'b', 'c']);
    expect(await store.fork().find(appliedEvents, { refusal: { $ne: null } })).toMatchObject([{ refusal: 'no such thing' }]);

    // the cursor is lost as in a crash before its transaction ended: what was applied is not applied again
    await store.fork().nativeDelete(feedCursors, {});
    const second = consume('d');
    await subgraph[Symbol.asyncDispose]();
    await append(feed, source, 'd');
    const moved = stack.use(await serveFeed(environment, feed));
    url = moved.subscriptionUrl;
    await second.reached;
    await second.consumer[Symbol.asyncDispose]();
    expect(await noted(store)).toEqual(['a', 'b', 'c', 'd']);
  });

  /** A source that sends these events, then stays silent. */
  function sends(...events: Thingy[]): FeedSource<Thingy> {
    return {
      name: 'told',
      open(after) {
        const left = events.slice(events.findIndex(({ cursor }) => cursor === after) + 1);
        const silent = Promise.withResolvers<IteratorResult<Thingy>>();
        return {
          connected: true,
          async next() {
            const value = left.shift();
            return value === undefined ? silent.promise : { value, done: false };
          },
          async return() {
            silent.resolve({ value: undefined, done: true });
            return { value: undefined, done: true };
          },
          [Symbol.asyncIterator]() {
            return this;
          },
        };
      },
    };
  }

  test.skipIf(skip)('ids are told apart by case, accents and blanks, and may be of any length', async () => {
    await using files = await open();
    const { stack, store } = await world(files.url);
    await using _stack = stack;
    const long = `urn:gov:hn:drug:case:${'0'.repeat(300)}`;
    const ids = ['evt_ab1', 'evt_aB1', 'evt_Ab1', 'evt_äb1', 'evt_ab1 ', long, `${long}1`, 'OLD', 'old'];
    // as an earlier release kept it
    const em = store.fork();
    em.create(appliedEvents, { source: 'told', eventId: 'OLD', refusal: null, appliedAt: new Date(0) });
    await em.flush();
    const events = [...ids, ...ids, 'last'].map((id, at) => ({ id, cursor: `c${at}`, subject: id.slice(-20) }));
    const reached = Promise.withResolvers<void>();
    const consumer = new FeedConsumer<Thingy>({
      store,
      source: sends(...events),
      backoff: { first: 5, most: 20 },
      async apply(tx, event) {
        tx.create(notes, { subject: event.subject });
        if (event.id === 'last') queueMicrotask(reached.resolve);
      },
      onFailure: reached.reject,
    });
    await reached.promise;
    await consumer[Symbol.asyncDispose]();
    expect(await noted(store)).toEqual([...ids.filter((id) => id !== 'OLD').map((id) => id.slice(-20)), 'last']);
  });

  test.skipIf(skip)('a cursor that no store can keep is told of plainly, and nothing is read past it', async () => {
    await using files = await open();
    const { stack, store } = await world(files.url);
    await using _stack = stack;
    const failed = Promise.withResolvers<unknown>();
    await using _consumer = new FeedConsumer<Thingy>({
      store,
      source: sends({ id: 'a', cursor: 'c', subject: 'a' }, { id: 'b', cursor: 'c'.repeat(513), subject: 'b' }),
      backoff: { first: 5, most: 20 },
      apply: async (tx, event) => void tx.create(notes, { subject: event.subject }),
      onFailure: failed.resolve,
    });
    expect(await failed.promise).toMatchObject({ name: 'UnusableEvent', message: expect.stringContaining('1 to 512 characters') });
    expect(await noted(store)).toEqual(['a']);
    expect(await store.fork().find(feedCursors, {})).toMatchObject([{ cursor: 'c' }]);
  });

  test.skipIf(skip)('a source that no longer keeps what follows is reported; it is passed over only where that is wanted', async () => {
    await using files = await open();
    const { stack, environment, source, store, feed, subgraph } = await world(files.url);
    await using _stack = stack;
    const consume = (last: string, onGap?: (gap: { after: string | undefined; oldest: string }) => void) => {
      const reached = Promise.withResolvers<void>();
      const failed = Promise.withResolvers<unknown>();
      const consumer = new FeedConsumer<Thingy>({
        store,
        source: graphqlSource<Thingy>({
          name: 'things',
          url: () => subgraph.subscriptionUrl,
          query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
          authorization: () => environment.tokens.authorization('things', caller('c', 'platform')),
        }),
        backoff: { first: 5, most: 20 },
        async apply(tx, event) {
          tx.create(notes, { subject: event.subject });
          if (event.subject === last) queueMicrotask(reached.resolve);
        },
        onFailure: failed.resolve,
        ...(onGap && { onGap }),
      });
      return { consumer, reached: reached.promise, failed: failed.promise };
    };
    await append(feed, source, 'a', 'b');
    const first = consume('b');
    await first.reached;
    await first.consumer[Symbol.asyncDispose]();
    const after = (await store.fork().findOneOrFail(feedCursors, 'things')).cursor;
    await append(feed, source, 'lost', 'lost');
    await feed.mark(new Date(0));
    await feed.prune({ before: new Date(0), butNotSince: new Date(0) });
    const oldest = await feed.start();
    await append(feed, source, 'c');

    const stays = consume('c');
    expect(await stays.failed).toMatchObject({ code: 'CURSOR_EXPIRED', extensions: { oldest } });
    await stays.consumer[Symbol.asyncDispose]();
    expect(await noted(store)).toEqual(['a', 'b']);
    expect((await store.fork().findOneOrFail(feedCursors, 'things')).cursor).toBe(after);

    const gaps: unknown[] = [];
    const goesOn = consume('c', (gap) => gaps.push(gap));
    await goesOn.reached;
    await goesOn.consumer[Symbol.asyncDispose]();
    expect(gaps).toEqual([{ after, oldest }]);
    expect(await noted(store)).toEqual(['a', 'b', 'c']);
    expect(await store.fork().find(appliedEvents, { refusal: { $ne: null } })).toMatchObject([
      { eventId: expect.stringMatching(/^gap:/), refusal: 'events before it are no longer kept by their source' },
    ]);
  });

  test.skipIf(skip)('a source that was set back and went on differently is told of, and nothing of it is applied', async () => {
    await using files = await open();
    const { stack, environment, source, store, feed, subgraph } = await world(files.url);
    await using _stack = stack;
    const consume = (stopAfter: string) => {
      const reached = Promise.withResolvers<void>();
      const rewound = Promise.withResolvers<unknown>();
      const consumer = new FeedConsumer<Thingy>({
        store,
        source: graphqlSource<Thingy>({
          name: 'things',
          url: () => subgraph.subscriptionUrl,
          query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
          authorization: () => environment.tokens.authorization('things', caller('c', 'platform')),
        }),
        backoff: { first: 5, most: 20 },
        async apply(tx, event) {
          tx.create(notes, { subject: event.subject });
          if (event.subject === stopAfter) queueMicrotask(reached.resolve);
        },
        onRewound: rewound.resolve,
      });
      return { consumer, reached: reached.promise, rewound: rewound.promise };
    };
    await append(feed, source, 'a', 'b', 'c');
    {
      const { consumer, reached } = consume('c');
      await reached;
      await consumer[Symbol.asyncDispose]();
    }
    const after = (await store.fork().findOneOrFail(feedCursors, 'things')).cursor;
    // as a backup has it that was made after the first event
    const setBack = async () => {
      await source.fork().nativeDelete(feedEvents, { position: { $gt: 1 } });
      await source.fork().nativeUpdate(feedHeads, {}, { position: 1 });
    };
    await setBack();
    for (const went of [[], ['x', 'y', 'z']]) {
      await append(feed, source, ...went);
      const { consumer, rewound } = consume('z');
      expect(await rewound).toEqual({ after, code: 'CURSOR_AHEAD' });
      expect(consumer.rewound).toBe(true);
      expect(await followedFeeds(store)).toMatchObject([{ source: 'things', rewound: { code: 'CURSOR_AHEAD', since: expect.any(Date) } }]);
      await consumer[Symbol.asyncDispose]();
      expect(await noted(store)).toEqual(['a', 'b', 'c']);
    }
    // set back to the beginning, it passes over what it has applied and goes on with what is new
    const [followed] = await followedFeeds(store);
    expect(await readAnew(store, { source: 'things', cursor: 'another' })).toBe(false);
    expect(await readAnew(store, followed as FollowedFeed)).toBe(true);
    const { consumer, reached } = consume('z');
    await reached;
    await consumer[Symbol.asyncDispose]();
    expect(await noted(store)).toEqual(['a', 'b', 'c', 'x', 'y', 'z']);
    expect(consumer.rewound).toBe(false);
    expect(await followedFeeds(store)).toMatchObject([{ source: 'things', rewound: undefined }]);
    expect(await readAnew(store, (await followedFeeds(store))[0] as FollowedFeed)).toBe(false);
  });

  test.skipIf(skip)('a source that knows the place after all is no longer told of as set back, without an event', async () => {
    await using files = await open();
    const { stack, environment, source, store, feed, subgraph } = await world(files.url);
    await using _stack = stack;
    await append(feed, source, 'a');
    await store.fork().insert(feedCursors, {
      source: 'things',
      cursor: await feed.end(),
      updatedAt: new Date(),
      rewoundCode: 'CURSOR_AHEAD',
      rewoundAt: new Date(),
    });
    await using _consumer = new FeedConsumer<Thingy>({
      store,
      source: graphqlSource<Thingy>({
        name: 'things',
        url: () => subgraph.subscriptionUrl,
        query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
        authorization: () => environment.tokens.authorization('things', caller('c', 'platform')),
      }),
      settled: 200,
      async apply() {},
    });
    await expect.poll(async () => (await followedFeeds(store))[0]?.rewound).toBeUndefined();
  });

  test.skipIf(skip)('an application that fails is undone with its cursor and tried again', async () => {
    await using files = await open();
    const { stack, environment, source, store, feed, subgraph } = await world(files.url);
    await using _stack = stack;
    await append(feed, source, 'a', 'b');
    const reached = Promise.withResolvers<void>();
    let failures = 0;
    await using _consumer = new FeedConsumer<Thingy>({
      store,
      source: graphqlSource<Thingy>({
        name: 'things',
        url: () => subgraph.subscriptionUrl,
        query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
        authorization: () => environment.tokens.authorization('things', caller('c', 'platform')),
      }),
      backoff: { first: 5, most: 20 },
      async apply(tx, event) {
        tx.create(notes, { subject: event.subject });
        await tx.flush();
        if (failures++ < 2) throw new Error('the store went away');
        if (event.subject === 'b') queueMicrotask(reached.resolve);
      },
    });
    await reached.promise;
    expect(await noted(store)).toEqual(['a', 'b']);
  });
});

describe('a source', () => {
  test('that gives up what a slow reader has not read yet ends its stream with CURSOR_EXPIRED and the oldest cursor', async () => {
    const environment = await testEnvironment('memory:');
    await using store = await openStore(storeAddress('memory:', 's'), {
      tables: PRODUCER_TABLES,
      migrations: { sqlite: sqlite.producerMigrations, mysql: [] },
    });
    const feed = await EventFeed.open(store);
    await append(feed, store, 'a');
    await using subgraph = await serveFeed(environment, feed);
    const stream = graphqlSource<Thingy>({
      name: 'things',
      url: () => subgraph.subscriptionUrl,
      query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
      authorization: () => environment.tokens.authorization('things', caller('c', 'platform')),
    }).open(undefined);
    expect((await stream.next()).value).toMatchObject({ subject: 'a' });
    // as if it had not been woken for days
    const read = feed.read.bind(feed);
    feed.read = async (...given) => {
      await feed.mark(new Date(0));
      await feed.prune({ before: new Date(0), butNotSince: new Date(0) });
      return read(...given);
    };
    await append(feed, store, 'b');
    await expect(stream.next()).rejects.toMatchObject({ code: 'CURSOR_EXPIRED', extensions: { oldest: feed.cursorOf({ position: 2 }) } });
  });

  test('refused by its publisher says so with the code, and names no address', async () => {
    const environment = await testEnvironment('memory:');
    await using store = await openStore(storeAddress('memory:', 's'), {
      tables: PRODUCER_TABLES,
      migrations: { sqlite: sqlite.producerMigrations, mysql: [] },
    });
    await using subgraph = await serveFeed(environment, await EventFeed.open(store));
    const source = (authorization: () => Promise<string>) =>
      graphqlSource<Thingy>({
        name: 'things',
        url: () => subgraph.subscriptionUrl,
        query: 'subscription ($after: Cursor) { things(after: $after) { id cursor subject } }',
        authorization,
      });
    const good = () => environment.tokens.authorization('things', caller('c', 'platform'));
    const refused = await source(good)
      .open('nonsense')
      .next()
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(FeedSourceError);
    expect(refused).toMatchObject({ code: 'CURSOR_INVALID' });
    const stranger = await source(async () => 'Bearer x')
      .open(undefined)
      .next()
      .catch((error: unknown) => error);
    expect(String(stranger)).toBe('FeedSourceError: things: the connection closed (4403)');
  });
});
