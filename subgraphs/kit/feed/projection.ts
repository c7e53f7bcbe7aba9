import type { SqlEntityManager } from '@mikro-orm/sql';
import { transaction } from '../store/transaction.js';
import { decodeCursor } from './cursor.js';
import type { EventFeed, FeedEvent } from './event-feed.js';
import type { ProjectionProgress } from './feed-reader.js';
import { feedCursors } from './feed-tables.js';
import { Rounds } from './rounds.js';

export interface ProjectionOptions {
  feed: EventFeed;
  /** Stable; how far it has come is kept under it. */
  name: string;
  /** Called once, before the first event, with what happened before there were events of it. */
  begin?: (tx: SqlEntityManager) => Promise<void>;
  /** Applies events that follow each other. Must do nothing outside `tx`. */
  apply: (tx: SqlEntityManager, events: readonly FeedEvent[]) => Promise<void>;
  onFailure: (error: unknown) => void;
  /** Events in one transaction; 200 when left out. */
  batch?: number;
}

/** Milliseconds until it tries again after a failure. */
const RETRY = 500;

/**
 * Tables that are made of a feed in the same store. Its place in the feed is kept in the transaction that applies the
 * events, behind a row lock: every event is applied exactly once and in order, however many processes do it.
 */
export class FeedProjection implements AsyncDisposable {
  readonly #options: ProjectionOptions;
  readonly #source: string;
  readonly #reader: ProjectionProgress;
  readonly #stop: () => void;
  readonly #rounds: Rounds;
  readonly #waiting = new Set<{ position: number; resolve: () => void }>();
  #position = 0;

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.#source = `own:${options.name}`;
    this.#reader = { kind: 'projection', name: options.name, source: this.#source };
    options.feed.hold(this.#source);
    options.feed.store.readers.add(this.#reader);
    this.#rounds = new Rounds({
      round: async () => {
        while (this.#rounds.open && (await this.#step()));
        return options.feed.pollInterval;
      },
      onFailure: options.onFailure,
      retry: RETRY,
    });
    this.#stop = options.feed.wakeUp.listen(() => this.#rounds.wake());
  }

  /** Resolves once the event at a place in the feed has been applied, by this process or another; or it is disposed. */
  async passed(position: number): Promise<void> {
    if (this.#position >= position || !this.#rounds.open) return;
    await new Promise<void>((resolve) => {
      this.#waiting.add({ position, resolve });
      this.#rounds.wake();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    await this.#rounds[Symbol.asyncDispose]();
    this.#options.feed.store.readers.delete(this.#reader);
    for (const { resolve } of this.#waiting) resolve();
  }

  /** @returns whether there may be more */
  async #step(): Promise<boolean> {
    const { feed, begin, apply, batch = 200 } = this.#options;
    const source = this.#source;
    const { position, count } = await transaction(feed.store.fork(), async (tx) => {
      // a write first: it is the lock behind which everybody else who does this waits, in every store
      const now = new Date();
      const known = await tx.nativeUpdate(feedCursors, { source }, { updatedAt: now });
      if (known === 0) {
        tx.create(feedCursors, { source, cursor: await feed.start(tx), updatedAt: now });
        await tx.flush();
        await begin?.(tx);
      }
      const row = await tx.findOneOrFail(feedCursors, source);
      const after = decodeCursor(feed.feedId, row.cursor);
      // not through the feed: what is read must be of this transaction
      const events = await feed.readIn(tx, after, batch);
      const last = events.at(-1);
      if (last === undefined) return { position: after, count: 0 };
      await apply(tx, events);
      row.cursor = feed.cursorOf(last);
      return { position: last.position, count: events.length };
    });
    this.#position = position;
    for (const waiter of this.#waiting) {
      if (waiter.position > position) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
    return count === batch;
  }
}
