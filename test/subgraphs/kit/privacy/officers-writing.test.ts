import { describe, expect, test } from 'vitest';
import { departmentStore } from '../../../../subgraphs/kit/department/department-store.js';
import { caseSteps } from '../../../../subgraphs/kit/department/store.js';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { feedEvents, PRODUCER_TABLES } from '../../../../subgraphs/kit/feed/feed-tables.js';
import * as feedMysql from '../../../../subgraphs/kit/feed/migrations/mysql.js';
import * as feedSqlite from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { PersonalDataKeys, type PersonalDataSecret } from '../../../../subgraphs/kit/privacy/personal-data-keys.js';
import { rekey, sealCounts } from '../../../../subgraphs/kit/privacy/rekey.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { STORES } from '../../../support/stores.js';

const secret = (id: string, fill: number): PersonalDataSecret => ({ id, secret: Buffer.alloc(32, fill) });
const keysOf = (...secrets: PersonalDataSecret[]) => {
  let next: PersonalDataSecret[] | undefined = secrets;
  return new PersonalDataKeys('aes-256-gcm', {
    readChanged() {
      const read = next;
      next = undefined;
      return read;
    },
  });
};
const OPINION = '诸葛演示亮符合要求';
/** More than one batch, over keys of two columns that a batch ends between. */
const CASES = 70;
const STEPS = 3;

async function writeInClear(store: Store): Promise<void> {
  for (let n = 1; n <= CASES; n++) {
    for (let step = 1; step <= STEPS; step++) {
      await store
        .fork()
        .execute(
          "insert into case_step (case_number, code, ordinal, name, kind, started_at, opinion) values (?, ?, ?, '审查', 'REVIEW', '2026-11-24 01:00:00', ?)",
          [`c-${String(n).padStart(3, '0')}`, `s${step}`, step, `${OPINION}${n}.${step}`],
          'run',
        );
    }
  }
}

const rawOpinions = async (store: Store) =>
  JSON.stringify(await store.fork().execute<Record<string, unknown>[]>('select opinion from case_step'));
const rawPayloads = async (store: Store) =>
  JSON.stringify(await store.fork().execute<Record<string, unknown>[]>('select payload from feed_event'));

describe.each(STORES)('what officers write, on $name', ({ skip, open }) => {
  test.skipIf(skip)('in clear by an older version is read, and sealed by a re-key, every row of it', async () => {
    await using files = await open();
    const old = keysOf(secret('old', 1));
    await using store = await openStore(storeAddress(files.url, 'drug'), departmentStore(undefined), old);
    await writeInClear(store);
    const read = async () => (await store.fork().find(caseSteps, {})).map(({ caseNumber, code, opinion }) => [caseNumber, code, opinion]);
    const before = await read();
    expect(before).toContainEqual(['c-007', 's2', `${OPINION}7.2`]);
    expect(await rekey(store)).toEqual({ rows: CASES * STEPS, unreadable: 0 });
    expect(Object.fromEntries(await sealCounts(store))).toEqual({ old: CASES * STEPS });
    expect(await rawOpinions(store)).not.toContain(OPINION);
    expect(await read()).toEqual(before);
    expect(await rekey(store)).toEqual({ rows: 0, unreadable: 0 });
    await using later = await openStore(
      storeAddress(files.url, 'drug'),
      departmentStore(undefined),
      keysOf(secret('new', 2), secret('old', 1)),
    );
    expect(await rekey(later)).toEqual({ rows: CASES * STEPS, unreadable: 0 });
    expect(Object.fromEntries(await sealCounts(later))).toEqual({ new: CASES * STEPS });
  });

  test.skipIf(skip)(
    'is sealed in the feed of a store that keeps personal data, and a feed that was in clear is read and re-keyed',
    async () => {
      await using files = await open();
      await using store = await openStore(storeAddress(files.url, 'drug'), departmentStore(undefined), keysOf(secret('old', 1)));
      const feed = await EventFeed.open(store);
      const event = {
        kind: 'STEP_FINISHED',
        scope: 'drug',
        subject: 'c-1',
        payload: { step: { opinion: OPINION } },
        occurredAt: new Date(),
      };
      await feed.transaction(store.fork(), async (_tx, append) => append(event));
      expect(await rawPayloads(store)).not.toContain(OPINION);
      await store
        .fork()
        .execute(
          "insert into feed_event (position, id, kind, scope, subject, payload, occurred_at) values (2, 'older', 'STEP_FINISHED', 'drug', 'c-1', ?, '2026-11-24 01:00:00')",
          [JSON.stringify(event.payload)],
          'run',
        );
      const payloads = async () => (await feed.read(0)).events.map(({ payload }) => payload);
      expect(await payloads()).toEqual([event.payload, event.payload]);
      expect(await rekey(store)).toEqual({ rows: 1, unreadable: 0 });
      expect(await rawPayloads(store)).not.toContain(OPINION);
      expect(await payloads()).toEqual([event.payload, event.payload]);
    },
  );

  test.skipIf(skip)('a feed of a store without personal data is plain', async () => {
    await using files = await open();
    const definition = {
      tables: PRODUCER_TABLES,
      migrations: { sqlite: feedSqlite.producerMigrations, mysql: feedMysql.producerMigrations },
    };
    await using store = await openStore(storeAddress(files.url, 'catalog'), definition);
    const feed = await EventFeed.open(store);
    const payload = { name: '药品经营许可', of: [1, null, { a: true }] };
    const event = { kind: 'ITEM', scope: 'drug', subject: 'i', payload, occurredAt: new Date() };
    await feed.transaction(store.fork(), async (_tx, append) => append(event));
    expect(await rawPayloads(store)).toContain('药品经营许可');
    expect((await store.fork().findOneOrFail(feedEvents, 1)).payload).toEqual(payload);
  });
});
