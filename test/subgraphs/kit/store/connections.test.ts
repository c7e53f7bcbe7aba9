import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { feedEvents, feedHeads, PRODUCER_TABLES } from '../../../../subgraphs/kit/feed/feed-tables.js';
import * as mysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as sqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { missingStatements } from '../../../../subgraphs/kit/store/missing-statements.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { sqlMigration } from '../../../../subgraphs/kit/store/sql-migration.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { toldOfStore } from '../../../../subgraphs/kit/store/store-fault.js';
import { DEFAULT_LIMITS } from '../../../../subgraphs/kit/store/store-limits.js';
import { transaction } from '../../../../subgraphs/kit/store/transaction.js';
import { eventually } from '../../../support/graph.js';
import { SilentRelay } from '../../../support/silent-relay.js';
import { STORES, type TestStore } from '../../../support/stores.js';

const DEFINITION = {
  tables: PRODUCER_TABLES,
  migrations: { sqlite: sqlite.producerMigrations, mysql: mysql.producerMigrations },
};
const addressOf = (files: TestStore, port?: number) => {
  const url = new URL(files.url);
  if (port !== undefined) url.port = String(port);
  return storeAddress(port === undefined ? files.url : url.href, 'feed');
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'it went well',
    (error: unknown) => toldOfStore(error)?.code ?? error,
  );
const headOf = async (store: Store) => (await store.fork().findOneOrFail(feedHeads, 'main')).position;

/** Passes everything on but one commit, after which, or instead of which, it cuts the connection. */
class CommitCutter implements AsyncDisposable {
  readonly #server = createServer((near) => this.#relay(near));
  readonly #sockets = new Set<Socket>();
  /** What becomes of the next commit. */
  next: 'PASSES' | 'IS_LOST' | 'LOSES_ITS_ANSWER' = 'PASSES';

  constructor(readonly target: number) {}

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  #relay(near: Socket): void {
    const far = connect(this.target, '127.0.0.1');
    let answers = true;
    const cut = () => {
      near.destroy();
      far.destroy();
    };
    near.on('data', (bytes) => {
      const commit = bytes.subarray(4).toString('latin1') === '\x03commit';
      const fate = commit ? this.next : 'PASSES';
      if (commit) this.next = 'PASSES';
      if (fate === 'IS_LOST') return cut();
      if (fate === 'LOSES_ITS_ANSWER') answers = false;
      far.write(bytes);
    });
    far.on('data', (bytes) => (answers ? near.write(bytes) : cut()));
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => to.destroy());
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

const mariadb = STORES.find(({ name }) => name.startsWith('MariaDB')) as (typeof STORES)[number];

describe.each([mariadb])('the connections to $name', ({ skip, open }) => {
  const portOf = (files: TestStore) => Number(new URL(files.url).port || 3306);

  test.skipIf(skip)('are set to one isolation, time zone and limits', async () => {
    await using files = await open();
    await using store = await openStore(addressOf(files), DEFINITION);
    const [row] = await store
      .fork()
      .execute<object[]>(
        'select @@tx_isolation as isolation, @@time_zone as zone, @@innodb_lock_wait_timeout as locks, @@wait_timeout as idle, @@sql_mode as mode, @@character_set_connection as charset',
      );
    expect(row).toMatchObject({
      isolation: 'REPEATABLE-READ',
      zone: '+00:00',
      locks: 5,
      idle: 60,
      mode: expect.stringContaining('STRICT_TRANS_TABLES'),
      charset: 'utf8mb4',
    });
  });

  test.skipIf(skip)('let a transaction read what is committed, the same each time, and with a lock what is there by then', async () => {
    await using files = await open();
    await using store = await openStore(addressOf(files), DEFINITION);
    await using other = await openStore(addressOf(files), DEFINITION);
    await EventFeed.open(store);
    const READ = 'select position from feed_head';
    await transaction(store.fork(), async (tx) => {
      const read = async (more = '') => Number((await tx.execute<{ position: number }[]>(READ + more))[0]?.position);
      expect(await read()).toBe(0);
      const uncommitted = Promise.withResolvers<void>();
      const changed = Promise.withResolvers<void>();
      const writing = transaction(other.fork(), async (writer) => {
        await writer.nativeUpdate(feedHeads, {}, { position: 7 });
        changed.resolve();
        await uncommitted.promise;
      });
      await changed.promise;
      expect(await read()).toBe(0);
      uncommitted.resolve();
      await writing;
      expect([await read(), await read(' for update')]).toEqual([0, 7]);
    });
    // who has written reads it at once, in whichever instance
    await store.fork().nativeUpdate(feedHeads, {}, { position: 9 });
    expect(await headOf(other)).toBe(9);
  });

  test.skipIf(skip)('are at most so many, and who waits for one too long is told', async () => {
    await using files = await open();
    await using store = await openStore(addressOf(files), DEFINITION, undefined, { ...DEFAULT_LIMITS, poolMax: 1, acquireTimeout: 150 });
    await EventFeed.open(store);
    expect(store.pool()).toEqual({ size: 1, free: 1, waiting: 0 });
    await transaction(store.fork(), async (tx) => {
      await tx.count(feedHeads);
      const waiting = codeOf(headOf(store));
      await eventually(async () => store.pool()?.waiting === 1 || undefined, 'it waits');
      expect(store.pool()).toEqual({ size: 1, free: 0, waiting: 1 });
      expect(await waiting).toBe('STORE_UNAVAILABLE');
    });
    expect(await headOf(store)).toBe(0);
  });

  test.skipIf(skip)('to a database that falls silent are given up in bounded time, and others are made when it is back', async () => {
    await using files = await open();
    await using relay = await SilentRelay.open(() => portOf(files));
    await using store = await openStore(addressOf(files, relay.port), DEFINITION, undefined, { ...DEFAULT_LIMITS, queryTimeout: 300 });
    await EventFeed.open(store);
    relay.silence();
    expect(await codeOf(headOf(store))).toBe('STORE_UNAVAILABLE');
    expect(await headOf(store)).toBe(0);
  });

  test.skipIf(skip)('that break during a commit neither lose nor repeat an event, whether the commit arrived or not', async () => {
    await using files = await open();
    await using cutter = new CommitCutter(portOf(files));
    await using store = await openStore(addressOf(files, await cutter.listen()), DEFINITION);
    const feed = await EventFeed.open(store);
    const event = (subject: string) => ({ kind: 'K', scope: 's', subject, payload: {}, occurredAt: new Date(0) });
    for (const fate of ['IS_LOST', 'LOSES_ITS_ANSWER'] as const) {
      cutter.next = fate;
      expect(await feed.transaction(store.fork(), async (_tx, append) => append(event(fate)).then(() => fate))).toBe(fate);
      expect(cutter.next).toBe('PASSES');
    }
    const kept = await store.fork().find(feedEvents, {}, { orderBy: { position: 'asc' } });
    expect(kept.map(({ position, subject }) => [position, subject])).toEqual([
      [1, 'IS_LOST'],
      [2, 'LOSES_ITS_ANSWER'],
    ]);
    // without an event nobody can say
    cutter.next = 'LOSES_ITS_ANSWER';
    const unknown = transaction(store.fork(), (tx) => tx.nativeUpdate(feedHeads, {}, { pruned: 0 }));
    await expect(unknown).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  });

  test.skipIf(skip)('migrate one at a time, and go on where one was killed in the middle', async () => {
    await using files = await open();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(addressOf(files), DEFINITION)));
    expect(await missingStatements(stores[0] as Store)).toEqual([]);
    await Promise.all(stores.map((store) => store[Symbol.asyncDispose]()));

    const more = [
      'create table `one` (`id` int not null primary key) engine = InnoDB',
      'insert into `one` (`id`) values (1)',
      'alter table `one` add `b` int null',
      'create table `two` (`id` int not null primary key) engine = InnoDB',
    ];
    const longer = {
      tables: PRODUCER_TABLES,
      migrations: {
        sqlite: sqlite.producerMigrations,
        mysql: [...mysql.producerMigrations, sqlMigration('20261126-more', more)],
      },
    };
    const address = addressOf(files);
    await using beside = await openStore(address, DEFINITION);
    await beside.fork().execute('create table `two` (`id` int not null primary key) engine = InnoDB');
    // it fails at its last statement, as one does that is killed there
    await expect(openStore(address, longer)).rejects.toThrow();
    expect(await beside.fork().execute("select done from migration_step where name = '20261126-more'")).toEqual([{ done: 3 }]);
    // the one before had run, and its process died before it was noted
    await beside.fork().execute("update migration_step set done = 2 where name = '20261126-more'");
    await beside.fork().execute('drop table `two`');
    await using _store = await openStore(address, longer);
    expect(await beside.fork().execute('select * from `one`')).toEqual([{ id: 1, b: null }]);
    expect(await beside.fork().execute('select count(*) as n from `two`')).toEqual([{ n: 0 }]);
    await using _again = await openStore(address, longer);
  });
});

describe.each(STORES)('a fault of a store on $name', ({ skip, open }) => {
  test.skipIf(skip)('that takes no changes is told as such, nothing is lost, and it goes on without a restart', async () => {
    await using files = await open();
    await using store = await openStore(addressOf(files), DEFINITION, undefined, { ...DEFAULT_LIMITS, poolMax: 1 });
    await EventFeed.open(store);
    const sqlite = store.address.dialect === 'sqlite';
    const change = () => transaction(store.fork(), (tx) => tx.nativeUpdate(feedHeads, {}, { position: 5 }));
    await store.fork().execute(sqlite ? 'pragma query_only = on' : 'set session transaction read only');
    expect(await codeOf(change())).toBe('STORE_NOT_WRITABLE');
    expect(await headOf(store)).toBe(0);
    await store.fork().execute(sqlite ? 'pragma query_only = off' : 'set session transaction read write');
    await change();
    expect(await headOf(store)).toBe(5);
  });
});
