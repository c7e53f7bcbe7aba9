import type { Registry } from 'prom-client';
import { decodeCursor } from '../feed/cursor.js';
import type { EventFeed } from '../feed/event-feed.js';
import type { ConsumerProgress, FeedReader } from '../feed/feed-reader.js';
import { feedCursors, feedEvents } from '../feed/feed-tables.js';
import { followedFeeds } from '../feed/rewound.js';
import type { Store } from '../store/open-store.js';
import { type Reading, readCounter, readGauge, readOne, shared } from './instruments.js';

/** What a subgraph tells of the feed it publishes: how far it is, and how far its own projections of it are, by whichever instance. */
export function feedMetrics(registry: Registry, feed: EventFeed): void {
  const extent = shared(() => feed.extent());
  const places = shared(() => placesOf(feed));
  readOne(registry, 'acceptance_feed_head_position', async () => (await extent()).head);
  readOne(registry, 'acceptance_feed_oldest_position', async () => (await extent()).pruned);
  readGauge(registry, 'acceptance_projection_lag_events', async () => {
    const { head } = await extent();
    return (await places()).map(({ projection, position }) => [{ projection }, Math.max(0, head - position)] as const);
  });
  readGauge(registry, 'acceptance_projection_lag_seconds', async () =>
    Promise.all(
      (await places()).map(async ({ projection, position }) => {
        const em = feed.store.fork();
        const next = await em.findOne(
          feedEvents,
          { position: { $gt: position } },
          { orderBy: { position: 'asc' }, fields: ['occurredAt'] },
        );
        return [{ projection }, next === null ? 0 : Math.max(0, Date.now() - next.occurredAt.getTime()) / 1_000] as const;
      }),
    ),
  );
}

async function placesOf(feed: EventFeed): Promise<{ projection: string; position: number }[]> {
  const projections = [...feed.store.readers].filter((reader) => reader.kind === 'projection');
  const rows = await feed.store.fork().find(feedCursors, { source: { $in: projections.map(({ source }) => source) } });
  const cursors = new Map(rows.map(({ source, cursor }) => [source, cursor]));
  return projections.flatMap(({ name, source }) => {
    const cursor = cursors.get(source);
    return cursor === undefined ? [] : [{ projection: name, position: decodeCursor(feed.feedId, cursor) }];
  });
}

/** What a subgraph tells of the feeds that this process follows, and of those that none can follow. */
export function consumerMetrics(registry: Registry, store: Store): void {
  const { readers } = store;
  const each = (value: (consumer: ConsumerProgress) => number) => () =>
    [...readers]
      .filter(isConsumer)
      .map((consumer) => [{ source: consumer.name }, value(consumer)] as const satisfies Reading<'acceptance_consumer_connected'>);
  readGauge(
    registry,
    'acceptance_consumer_connected',
    each(({ connected }) => (connected ? 1 : 0)),
  );
  readGauge(
    registry,
    'acceptance_consumer_lag_events',
    each(({ waiting }) => waiting),
  );
  readGauge(
    registry,
    'acceptance_consumer_lag_seconds',
    each(({ behindMs }) => behindMs / 1_000),
  );
  readCounter(
    registry,
    'acceptance_consumer_applied_total',
    each(({ applied }) => applied),
  );
  readCounter(
    registry,
    'acceptance_consumer_refused_total',
    each(({ refused }) => refused),
  );
  readCounter(
    registry,
    'acceptance_consumer_failures_total',
    each(({ failures }) => failures),
  );
  readGauge(registry, 'acceptance_consumer_rewound', async () =>
    (await followedFeeds(store)).map(({ source, rewound }) => [{ source }, rewound === undefined ? 0 : 1] as const),
  );
}

const isConsumer = (reader: FeedReader): reader is ConsumerProgress => reader.kind === 'consumer';
