import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { PRODUCER_TABLES } from '../../../../subgraphs/kit/feed/feed-tables.js';
import * as sqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { RedisWakeUp } from '../../../../subgraphs/kit/feed/wake-up.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { REDIS_URL, redisAnswers, redisNote } from '../../../support/redis.js';
import { openFiles } from '../../../support/stores.js';

const DEFINITION = { tables: PRODUCER_TABLES, migrations: { sqlite: sqlite.producerMigrations, mysql: [] } };

describe(`a wake-up through Redis${redisNote}`, () => {
  test.skipIf(!redisAnswers)('reaches a follower in another process long before the poll', async () => {
    await using files = await openFiles();
    const channel = `test:${randomUUID()}`;
    // two openings of one store, as two processes have them
    await using here = await openStore(storeAddress(files.url, 's'), DEFINITION);
    await using there = await openStore(storeAddress(files.url, 's'), DEFINITION);
    await using wakeHere = new RedisWakeUp(REDIS_URL, channel);
    await using wakeThere = new RedisWakeUp(REDIS_URL, channel);
    const writer = await EventFeed.open(here, { wakeUp: wakeHere });
    const reader = await EventFeed.open(there, { wakeUp: wakeThere, pollInterval: 3_600_000 });
    // both connections are up once a wake-up from one was heard by the other
    const heard = Promise.withResolvers<void>();
    const stop = wakeThere.listen(() => heard.resolve());
    await heard.promise;
    stop();
    const follower = await reader.follow();
    const next = follower.next();
    await writer.transaction(here.fork(), async (_tx, append) =>
      append({ kind: 'K', scope: 's', subject: 'a', payload: {}, occurredAt: new Date(0) }),
    );
    expect((await next).value).toMatchObject({ subject: 'a', position: 1 });
    await follower.return();
  });

  test('without a Redis still wakes its own process, and says nothing', async () => {
    await using wakeUp = new RedisWakeUp('redis://127.0.0.1:1', 'nobody');
    const heard = Promise.withResolvers<void>();
    wakeUp.listen(() => heard.resolve());
    wakeUp.notify();
    await heard.promise;
  });
});
