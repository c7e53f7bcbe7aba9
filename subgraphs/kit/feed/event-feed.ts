import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { SpanContext } from '@opentelemetry/api';
import { CataloguedError } from '../errors/catalogued-error.js';
import { currentWork, runOutsideScope } from '../requests/request-scope.js';
import type { Store } from '../store/open-store.js';
import { CommitUnknown, transaction } from '../store/transaction.js';
import { decodeCursor, encodeCursor, markIn, markOf } from './cursor.js';
import { type FeedEventRow, feedCursors, feedEvents, feedHeads, feedMarks } from './feed-tables.js';
import { FeedFollower } from './follower.js';
import { InProcessWakeUp, type WakeUp } from './wake-up.js';

const HEAD = 'main';
const PAGE = 200;
/** Subjects whose origin is remembered. */
const REMEMBERED = 1_000;
/** Events given up in one transaction: writers wait for it. */
const PRUNE_STEP = 500;
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

/** What lies after a position. */
export interface FeedStretch {
  readonly events: readonly FeedEvent[];
  /** Up to here everything was looked at: whoever goes on from here misses nothing. */
  readonly until: number;
}

/** What may be given up of a feed. Without a member, that one gives nothing up. */
export interface PruneLimits {
  /** Events that were written before this moment. */
  readonly before?: Date | undefined;
  /** Events that so many newer ones follow ... */
  readonly beyond?: number | undefined;
  /** ... unless they were written after this moment. */
  readonly butNotSince: Date;
}

export type Append = (...events: NewEvent[]) => Promise<void>;

/**
 * The one mechanism behind everything live. An event is written in the transaction that makes the change. A writer
 * takes the head's row lock last and keeps it until it commits, so positions are gapless and in commit order: a
 * reader that has seen position n will never see an earlier one appear. (An auto-increment is given at insertion,
 * not at commit, and leaves a reader behind a late committer.)
 */
export class EventFeed {
  readonly #reads = new Map<string, Promise<FeedStretch>>();
  readonly #holders = new Set<string>();
  /** By subject, the spans under which its last events were written here; the oldest go first. */
  readonly #origins = new Map<string, SpanContext>();

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
      { name: HEAD, feedId: randomUUID(), position: 0, pruned: 0 },
      { onConflictAction: 'ignore', onConflictFields: ['name'] },
    );
    const head = await store.fork().findOneOrFail(feedHeads, HEAD);
    return new EventFeed(store, head.feedId, wakeUp, pollInterval);
  }

  /**
   * Changes the store and tells of it, both or neither; followers are woken once it is committed. Where the connection
   * breaks during the commit, the event says whether it is made.
   * @throws CommitUnknown when that can't be asked either, or nothing was told
   */
  async transaction<T>(em: SqlEntityManager, work: (tx: SqlEntityManager, append: Append) => Promise<T>): Promise<T> {
    let told: { readonly id: string; readonly result: T } | undefined;
    let result: T;
    try {
      result = await transaction(em, async (tx) => {
        const events: NewEvent[] = [];
        const done = await work(tx, async (...more) => {
          events.push(...more);
        });
        told = events.length === 0 ? undefined : { id: await this.#write(tx, events), result: done };
        return done;
      });
    } catch (error) {
      if (!(error instanceof CommitUnknown) || told === undefined) throw error;
      if (!(await this.#has(em, told.id, error))) return this.transaction(em, work);
      result = told.result;
    }
    if (told !== undefined) this.wakeUp.notify();
    return result;
  }

  /** Whether an event is there for good: behind the head's lock, which its writer keeps until it is, or is undone. */
  async #has(em: SqlEntityManager, id: string, otherwise: CommitUnknown): Promise<boolean> {
    try {
      return await transaction(em, async (tx) => {
        await tx.nativeUpdate(feedHeads, { name: HEAD }, { name: HEAD });
        return (await tx.count(feedEvents, { id })) > 0;
      });
    } catch {
      throw otherwise;
    }
  }

  /** @returns the id of the last one */
  async #write(tx: SqlEntityManager, events: readonly NewEvent[]): Promise<string> {
    // everything else goes first, so that the lock every writer waits for is held for the shortest time
    await tx.flush();
    await tx.execute('update feed_head set position = position + ? where name = ?', [events.length, HEAD], 'run');
    const [head] = await tx.execute<{ position: number | string }[]>('select position from feed_head where name = ?', [HEAD]);
    if (head === undefined) throw new Error('the feed has no head');
    const first = Number(head.position) - events.length + 1;
    const rows = events.map((event, index) => ({ ...event, id: event.id ?? randomUUID(), position: first + index }));
    await tx.insertMany(feedEvents, rows);
    const origin = currentWork()?.span.spanContext();
    if (origin !== undefined) for (const { subject } of rows) this.#remember(subject, origin);
    return rows.at(-1)?.id ?? '';
  }

  #remember(subject: string, origin: SpanContext): void {
    this.#origins.delete(subject);
    this.#origins.set(subject, origin);
    const [oldest] = this.#origins.keys();
    if (this.#origins.size > REMEMBERED && oldest !== undefined) this.#origins.delete(oldest);
  }

  /** What this process recorded when it last told of a subject; for what follows from it to be linked to. */
  originOf(subject: string): SpanContext | undefined {
    return this.#origins.get(subject);
  }

  cursorOf({ position, id }: Pick<FeedEvent, 'position'> & { readonly id?: string }): string {
    return encodeCursor(this.feedId, position, id);
  }

  /** Positions of its newest event, and of the last one that was given up. */
  async extent(): Promise<{ readonly head: number; readonly pruned: number }> {
    const { position, pruned } = await this.#head();
    return { head: position, pruned };
  }

  /** The cursor of where the feed ends now: following after it begins with the first event that is committed from here on. */
  async end(): Promise<string> {
    const { position } = await this.#head();
    const last = await this.store.fork().findOne(feedEvents, position, { fields: ['id'], disableIdentityMap: true });
    return this.cursorOf({ position, ...(last !== null && { id: last.id }) });
  }

  /** The cursor of where the feed begins: following after it begins with the oldest event that is kept. */
  async start(em?: SqlEntityManager): Promise<string> {
    const { pruned } = await this.#head(em);
    return this.cursorOf({ position: pruned });
  }

  /**
   * The position a cursor stands for; without one, that before the very first event.
   * @throws CataloguedError CURSOR_INVALID, CURSOR_FOREIGN, CURSOR_AHEAD; CURSOR_EXPIRED when events after it are no
   * longer kept, with the oldest cursor there is in its extensions
   */
  async positionOf(cursor: string | null | undefined): Promise<number> {
    const position = cursor == null ? 0 : decodeCursor(this.feedId, cursor);
    const head = await this.#head();
    if (position > head.position)
      throw new CataloguedError('CURSOR_AHEAD', 'the cursor lies ahead of this feed, which must have lost events');
    if (position < head.pruned) throw this.#expired(head.pruned);
    if (cursor != null && position > head.pruned) await this.#sameEvent(cursor, position);
    return position;
  }

  /** A store that was set back to an earlier time goes on with other events at the same places. */
  async #sameEvent(cursor: string, position: number): Promise<void> {
    const mark = markIn(cursor);
    if (mark === undefined) return;
    const event = await this.store.fork().findOne(feedEvents, position, { fields: ['id'], disableIdentityMap: true });
    if (event !== null && markOf(event.id) !== mark)
      throw new CataloguedError(
        'CURSOR_AHEAD',
        'another event stands where the cursor was given: this feed was set back and has lost events',
      );
  }

  #head(em: SqlEntityManager = this.store.fork()) {
    return em.findOneOrFail(feedHeads, HEAD, { disableIdentityMap: true });
  }

  #expired(pruned: number): CataloguedError {
    return new CataloguedError('CURSOR_EXPIRED', 'events after `after` are no longer kept; the oldest cursor there is lies in `oldest`', {
      oldest: this.cursorOf({ position: pruned }),
    });
  }

  /** At most `limit` events after a cursor, in order; `filter.accepts` is not asked. @throws like {@link positionOf}. */
  async page({ after, filter = {} }: FollowOptions, limit: number): Promise<readonly FeedEvent[]> {
    const { events } = await this.read(await this.positionOf(after), filter, limit);
    return events;
  }

  /** Events after a position, in order. Followers at the same place share their queries. @throws CataloguedError CURSOR_EXPIRED */
  read(position: number, filter: FeedFilter = {}, limit = PAGE): Promise<FeedStretch> {
    const key = JSON.stringify([position, filter.scope, filter.subject, limit]);
    let pending = this.#reads.get(key);
    if (pending === undefined) {
      // others share it, so that it must not end with the request that began it
      pending = runOutsideScope(() => this.#readStretch(position, filter, limit));
      const mine = pending;
      const settled = () => {
        if (this.#reads.get(key) === mine) this.#reads.delete(key);
      };
      this.#reads.set(key, pending);
      pending.then(settled, settled);
    }
    return pending;
  }

  /** Events after a position, in order, as a transaction sees them. @throws CataloguedError CURSOR_EXPIRED */
  async readIn(tx: SqlEntityManager, position: number, limit: number): Promise<FeedEvent[]> {
    const { pruned } = await this.#head(tx);
    if (pruned > position) throw this.#expired(pruned);
    return tx.find(feedEvents, { position: { $gt: position } }, { orderBy: { position: 'asc' }, limit, disableIdentityMap: true });
  }

  async #readStretch(position: number, { scope, subject }: FeedFilter, limit: number): Promise<FeedStretch> {
    const head = await this.#head();
    if (head.pruned > position) throw this.#expired(head.pruned);
    if (head.position <= position) return { events: [], until: position };
    const where = {
      position: { $gt: position },
      ...(scope !== undefined && { scope }),
      ...(subject !== undefined && { subject }),
    };
    const events = await this.store.fork().find(feedEvents, where, { orderBy: { position: 'asc' }, limit, disableIdentityMap: true });
    if (events[0]?.position !== position + 1) {
      // either the filter passed some over, or they were given up between the two queries: asked after them, the head knows
      const { pruned } = await this.#head();
      if (pruned > position) throw this.#expired(pruned);
    }
    const last = events.at(-1)?.position ?? position;
    return { events, until: events.length < limit ? Math.max(last, head.position) : last };
  }

  /** Every event after the cursor from the store, then live ones; no gap, no repeat, in order. @throws like {@link positionOf}. */
  async follow({ after, filter = {} }: FollowOptions = {}): Promise<FeedFollower> {
    return new FeedFollower(this, await this.positionOf(after), filter);
  }

  /** Keeps what a reader in the same store has not read yet, whose place is in `feed_cursor` under this source. */
  hold(source: string): void {
    this.#holders.add(source);
  }

  /** Notes where the feed ends at this moment: what was written before is at least so old. */
  async mark(now: Date): Promise<void> {
    const { position } = await this.#head();
    // of several marks at one position the first says most
    await this.store.fork().upsert(feedMarks, { position, markedAt: now }, { onConflictAction: 'ignore', onConflictFields: ['position'] });
  }

  /**
   * Gives up the oldest events as far as the limits allow, by the marks that were made; in steps, so that writers hardly
   * wait. Safe beside any number of readers, writers and others that prune: the head's lock puts it in order with
   * writers, and whoever reads what is given up meanwhile is told CURSOR_EXPIRED.
   * @returns how many events are given up.
   */
  async prune({ before, beyond, butNotSince }: PruneLimits): Promise<number> {
    const head = await this.#head();
    const old = before === undefined ? 0 : await this.#markedAt(before);
    const many = beyond === undefined ? 0 : Math.min(head.position - beyond, await this.#markedAt(butNotSince));
    const target = Math.min(Math.max(old, many), await this.#heldAt());
    let { pruned } = head;
    while (pruned < target) pruned = await this.#pruneStep(pruned, Math.min(target, pruned + PRUNE_STEP));
    // the last one before what is kept still says how old the rest is at most; those before it say nothing any more
    await this.store.fork().nativeDelete(feedMarks, { position: { $lt: pruned } });
    return Math.max(0, target - head.pruned);
  }

  /** Where the feed ended at a moment, or at the last mark before; 0 when there is none. */
  async #markedAt(moment: Date): Promise<number> {
    const [mark] = await this.store
      .fork()
      .find(feedMarks, { markedAt: { $lte: moment } }, { orderBy: { position: 'desc' }, limit: 1, disableIdentityMap: true });
    return mark?.position ?? 0;
  }

  /** The last position that every holder has read; before a holder has a place, nothing may be given up. */
  async #heldAt(): Promise<number> {
    const names = [...this.#holders];
    if (names.length === 0) return Number.POSITIVE_INFINITY;
    const places = await this.store.fork().find(feedCursors, { source: { $in: names } }, { disableIdentityMap: true });
    if (places.length < names.length) return 0;
    return Math.min(...places.map(({ cursor }) => decodeCursor(this.feedId, cursor)));
  }

  async #pruneStep(from: number, to: number): Promise<number> {
    await transaction(this.store.fork(), async (tx) => {
      // the head first, as writers take it last: neither can hold what the other waits for
      await tx.execute('update feed_head set pruned = ? where name = ? and pruned < ?', [to, HEAD, to], 'run');
      await tx.nativeDelete(feedEvents, { position: { $gt: from, $lte: to } });
    });
    return to;
  }
}
