import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { Store } from '../store/open-store.js';
import { transaction } from '../store/transaction.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { type FeedEventRow, feedEvents, feedHeads } from './feed-tables.js';
import { FeedFollower } from './follower.js';
import { InProcessWakeUp, type WakeUp } from './wake-up.js';

const HEAD = 'main';
const PAGE = 200;
/** Milliseconds after which a follower looks by itself, should every wake-up be lost. */
const POLL_INTERVAL = 1_000;

/** What a writer says of an event; the feed gives it its place. */
export interface NewEvent {
  /** Unique over all feeds; made here when it is left out. */
  id?: string;
  kind: string;
  scope: string;
  subject: string;
  payload: Record<string, unknown>;
  occurredAt: Date;
}

/** An event at its place. */
export type FeedEvent = Pick<FeedEventRow, 'position' | 'id' | 'kind' | 'scope' | 'subject' | 'payload' | 'occurredAt'>;

export interface FeedFilter {
  scope?: string | undefined;
  subject?: string | undefined;
  /** Looks at each event that scope and subject let through; followers that differ in this alone still share their reads. */
  accepts?: ((event: FeedEvent) => boolean) | undefined;
}

export interface FollowOptions {
  after?: string | null | undefined;
  filter?: FeedFilter;
}

export type Append = (...events: NewEvent[]) => Promise<void>;

/**
 * The one mechanism behind everything live. An event is written in the transaction that makes the change. A writer
 * takes the head's row lock last and keeps it until it commits, so positions are gapless and in commit order: a
 * reader that has seen position n will never see an earlier one appear. (An auto-increment is given at insertion,
 * not at commit, and leaves a reader behind a late committer.)
 */
export class EventFeed {
  readonly #reads = new Map<string, Promise<FeedEvent[]>>();

  private constructor(
    readonly store: Store,
    readonly feedId: string,
    readonly wakeUp: WakeUp,
    readonly pollInterval: number,
  ) {
    // Listens before any follower can: a read that began before the commit must not answer one that begins after it.
    wakeUp.listen(() => this.#reads.clear());
  }

  static async open(
    store: Store,
    { wakeUp = new InProcessWakeUp(), pollInterval = POLL_INTERVAL }: { wakeUp?: WakeUp; pollInterval?: number } = {},
  ): Promise<EventFeed> {
    const em = store.fork();
    await em.upsert(
      feedHeads,
      { name: HEAD, feedId: randomUUID(), position: 0 },
      { onConflictAction: 'ignore', onConflictFields: ['name'] },
    );
    const head = await store.fork().findOneOrFail(feedHeads, HEAD);
    return new EventFeed(store, head.feedId, wakeUp, pollInterval);
  }

  /** Changes the store and tells of it, both or neither; followers are woken once it is committed. */
  async transaction<T>(em: SqlEntityManager, work: (tx: SqlEntityManager, append: Append) => Promise<T>): Promise<T> {
    let told = false;
    const result = await transaction(em, async (tx) => {
      const events: NewEvent[] = [];
      const done = await work(tx, async (...more) => {
        events.push(...more);
      });
      told = events.length > 0;
      if (told) await this.#write(tx, events);
      return done;
    });
    if (told) this.wakeUp.notify();
    return result;
  }

  async #write(tx: SqlEntityManager, events: readonly NewEvent[]): Promise<void> {
    // everything else goes first, so that the lock every writer waits for is held for the shortest time
    await tx.flush();
    await tx.execute('update feed_head set position = position + ? where name = ?', [events.length, HEAD], 'run');
    const [head] = await tx.execute<{ position: number | string }[]>('select position from feed_head where name = ?', [HEAD]);
    if (head === undefined) throw new Error('the feed has no head');
    const first = Number(head.position) - events.length + 1;
    await tx.insertMany(
      feedEvents,
      events.map((event, index) => ({ ...event, id: event.id ?? randomUUID(), position: first + index })),
    );
  }

  cursorOf(event: Pick<FeedEvent, 'position'>): string {
    return encodeCursor(this.feedId, event.position);
  }

  /** The cursor of where the feed ends now: following after it begins with the first event that is committed from here on. */
  async end(): Promise<string> {
    const { position } = await this.store.fork().findOneOrFail(feedHeads, HEAD);
    return this.cursorOf({ position });
  }

  /** The cursor of where the feed begins: following after it begins with the first event there is. */
  start(): string {
    return this.cursorOf({ position: 0 });
  }

  /** The position a cursor stands for; 0 without one. @throws CataloguedError CURSOR_INVALID, CURSOR_FOREIGN, CURSOR_AHEAD. */
  async positionOf(cursor: string | null | undefined): Promise<number> {
    if (cursor == null) return 0;
    const position = decodeCursor(this.feedId, cursor);
    const head = await this.store.fork().findOneOrFail(feedHeads, HEAD);
    if (position > head.position)
      throw new CataloguedError('CURSOR_AHEAD', 'the cursor lies ahead of this feed, which must have lost events');
    return position;
  }

  /** At most `limit` events after a cursor, in order; `filter.accepts` is not asked. */
  async page({ after, filter = {} }: FollowOptions, limit: number): Promise<FeedEvent[]> {
    return this.read(await this.positionOf(after), filter, limit);
  }

  /** Events after a position, in order. Followers at the same place share one query. */
  read(position: number, filter: FeedFilter = {}, limit = PAGE): Promise<FeedEvent[]> {
    const key = JSON.stringify([position, filter.scope, filter.subject, limit]);
    let pending = this.#reads.get(key);
    if (pending === undefined) {
      const where = {
        position: { $gt: position },
        ...(filter.scope !== undefined && { scope: filter.scope }),
        ...(filter.subject !== undefined && { subject: filter.subject }),
      };
      pending = this.store.fork().find(feedEvents, where, { orderBy: { position: 'asc' }, limit, disableIdentityMap: true });
      const mine = pending;
      const settled = () => {
        if (this.#reads.get(key) === mine) this.#reads.delete(key);
      };
      this.#reads.set(key, pending);
      pending.then(settled, settled);
    }
    return pending;
  }

  /** Events after a position, in order, as a transaction sees them. */
  readIn(tx: SqlEntityManager, position: number, limit: number): Promise<FeedEvent[]> {
    return tx.find(feedEvents, { position: { $gt: position } }, { orderBy: { position: 'asc' }, limit, disableIdentityMap: true });
  }

  /** Every event after the cursor from the store, then live ones; no gap, no repeat, in order. @throws like {@link positionOf}. */
  async follow({ after, filter = {} }: FollowOptions = {}): Promise<FeedFollower> {
    return new FeedFollower(this, await this.positionOf(after), filter);
  }
}
