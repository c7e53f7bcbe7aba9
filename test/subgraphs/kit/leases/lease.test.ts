import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { FeedConsumer } from '../../../../subgraphs/kit/feed/consumer.js';
import { CONSUMER_TABLES, feedCursors } from '../../../../subgraphs/kit/feed/feed-tables.js';
import * as feedMysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as feedSqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { type Holder, thisProcess } from '../../../../subgraphs/kit/leases/holder.js';
import { Leadership } from '../../../../subgraphs/kit/leases/leadership.js';
import { Lease, LeaseLost } from '../../../../subgraphs/kit/leases/lease.js';
import { leases } from '../../../../subgraphs/kit/leases/lease-table.js';
import * as mysql from '../../../../subgraphs/kit/leases/migrations/mysql.js';
import * as sqlite from '../../../../subgraphs/kit/leases/migrations/sqlite.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { transaction } from '../../../../subgraphs/kit/store/transaction.js';
import { eventually } from '../../../support/graph.js';
import { STORES } from '../../../support/stores.js';

const DEFINITION = {
  tables: [leases, ...CONSUMER_TABLES],
  migrations: {
    sqlite: [...sqlite.leaseMigrations, ...feedSqlite.consumerMigrations],
    mysql: [...mysql.leaseMigrations, ...feedMysql.consumerMigrations],
  },
};
const LONG = 3_600_000;
const log = pino({ level: 'silent' });
const elsewhere = (id: string): Holder => ({ id: `elsewhere/1/${id}`, hasEnded: () => false });

/** Makes a lease run out without anybody waiting for it. */
const runsOut = async (store: Store, name: string) => {
  await store.fork().nativeUpdate(leases, { name }, { until: 1 });
};

/** What is done by one instance, with a switch to see who does it. */
function counted() {
  const running = { now: 0, most: 0, begun: 0 };
  const lead = async (): Promise<AsyncDisposable> => {
    running.begun++;
    running.now++;
    running.most = Math.max(running.most, running.now);
    return {
      async [Symbol.asyncDispose]() {
        running.now--;
      },
    };
  };
  return { running, lead };
}

describe.each(STORES)('a lease on $name', ({ skip, open }) => {
  test.skipIf(skip)("is one holder's until it runs out, is given back, or its process has ended", async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'leases'), DEFINITION);
    const lease = (holder: Holder, ttl = LONG) => new Lease({ store, name: 'work', ttl, holder });
    const [a, b] = [lease(elsewhere('a')), lease(elsewhere('b'))];
    expect([await a.extend(), await b.extend(), await a.extend()]).toEqual(['TAKEN', 'ELSEWHERE', 'KEPT']);
    expect([a.held, b.held]).toEqual([true, false]);
    await a.release();
    expect([await b.extend(), await a.extend()]).toEqual(['TAKEN', 'ELSEWHERE']);
    await runsOut(store, 'work');
    expect([await a.extend(), await b.extend()]).toEqual(['TAKEN', 'ELSEWHERE']);
    const c = lease({ id: 'here/2/c', hasEnded: (other) => other === 'elsewhere/1/a' });
    expect([await c.extend(), await a.extend()]).toEqual(['TAKEN', 'ELSEWHERE']);
    // what nobody took meanwhile is still whose it was
    await runsOut(store, 'work');
    expect(await c.extend()).toBe('KEPT');
    const brief = lease(elsewhere('d'), 1);
    await runsOut(store, 'work');
    await brief.extend();
    await eventually(async () => !brief.held || undefined, 'its own clock says that it may have run out');
  });

  test.skipIf(skip)('is taken by one of many that try at once', async () => {
    await using files = await open();
    const address = storeAddress(files.url, 'leases');
    await using store = await openStore(address, DEFINITION);
    await using other = await openStore(address, DEFINITION);
    for (let round = 0; round < 5; round++) {
      const name = `work-${round}`;
      const all = Array.from(
        { length: 8 },
        (_, n) => new Lease({ store: n % 2 === 0 ? store : other, name, ttl: LONG, holder: elsewhere(`${n}`) }),
      );
      const outcomes = await Promise.all(all.map((one) => one.extend()));
      expect(outcomes.filter((outcome) => outcome === 'TAKEN')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === 'ELSEWHERE')).toHaveLength(7);
    }
  });

  test.skipIf(skip)('refuses what its former holder writes, and nobody takes over in the middle of a transaction', async () => {
    await using files = await open();
    const address = storeAddress(files.url, 'leases');
    await using store = await openStore(address, DEFINITION);
    await using other = await openStore(address, DEFINITION);
    const a = new Lease({ store, name: 'work', ttl: LONG, holder: elsewhere('a') });
    const b = new Lease({ store: other, name: 'work', ttl: LONG, holder: elsewhere('b') });
    await a.extend();
    const write = (lease: Lease, by: string) =>
      transaction(store.fork(), async (tx) => {
        await lease.hold(tx);
        await tx.upsert(feedCursors, { source: by, cursor: by, updatedAt: new Date() });
      });
    await write(a, 'a');
    await runsOut(store, 'work');
    let taken = false;
    let taking: Promise<unknown> = Promise.resolve();
    await transaction(store.fork(), async (tx) => {
      await a.hold(tx);
      if (address.dialect === 'mysql') {
        taking = b.extend().then(() => {
          taken = true;
        });
        // it has been asked for, and waits for this transaction
        await eventually(async () => {
          const waiting = await other
            .fork()
            .execute<object[]>("select id from information_schema.processlist where info like 'update lease%'");
          return waiting.length > 0 || undefined;
        }, 'the other one waits');
      }
      expect(taken).toBe(false);
    });
    await taking;
    if (address.dialect === 'sqlite') await b.extend();
    expect(b.held).toBe(true);
    await expect(write(a, 'late')).rejects.toThrow(LeaseLost);
    expect((await store.fork().find(feedCursors, {})).map(({ source }) => source)).toEqual(['a']);
  });

  test.skipIf(skip)('keeps a follower that lost its turn from applying anything, and from moving its place', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'leases'), DEFINITION);
    const a = new Lease({ store, name: 'work', ttl: LONG, holder: elsewhere('a') });
    await a.extend();
    await runsOut(store, 'work');
    await new Lease({ store, name: 'work', ttl: LONG, holder: elsewhere('b') }).extend();
    const asked = Promise.withResolvers<void>();
    let reads = 0;
    const applied: string[] = [];
    await using _consumer = new FeedConsumer({
      store,
      fence: a,
      backoff: { first: 1, most: 2 },
      source: {
        name: 'things',
        open: async function* () {
          if (++reads === 3) asked.resolve();
          yield { id: 'e1', cursor: 'c1' };
        },
      },
      apply: async (_tx, { id }) => void applied.push(id),
    });
    await asked.promise;
    expect(applied).toEqual([]);
    expect(await store.fork().count(feedCursors)).toBe(0);
  });

  test.skipIf(skip)('has one instance lead, and another one when that ends or falls silent', async () => {
    await using files = await open();
    await using store = await openStore(storeAddress(files.url, 'leases'), DEFINITION);
    const { running, lead } = counted();
    const start = (id: string) => Leadership.start({ store, name: 'work', lead, log, ttl: 60, holder: elsewhere(id) });
    const first = await start('a');
    await using second = await start('b');
    expect([first.leads, second.leads, running.begun]).toEqual([true, false, 1]);
    await first[Symbol.asyncDispose]();
    await eventually(async () => second.leads || undefined, 'the second one leads');
    // somebody took it while this instance was stopped
    await store.fork().nativeUpdate(leases, { name: 'work' }, { token: 1_000, holder: 'elsewhere/1/c', until: Number.MAX_SAFE_INTEGER });
    await eventually(async () => running.now === 0 || undefined, 'it has noticed');
    await runsOut(store, 'work');
    await eventually(async () => second.leads || undefined, 'it leads again');
    expect(running).toEqual({ now: 1, most: 1, begun: 3 });
  });
});

test('a process knows of another on the same machine that it has ended, and nothing of other machines', () => {
  const here = thisProcess();
  const [machine] = here.id.split('/');
  expect(here.hasEnded(`${machine}/2147483646/x`)).toBe(machine !== 'unknown');
  expect(here.hasEnded(`${machine}/${process.ppid}/x`)).toBe(false);
  expect(here.hasEnded(thisProcess().id)).toBe(false);
  expect(here.hasEnded('0123456789abcdef/2147483646/x')).toBe(false);
  expect(here.hasEnded('')).toBe(false);
  expect(here.id.length).toBeLessThanOrEqual(96);
});
