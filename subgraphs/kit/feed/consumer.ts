import { createHash } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { type Fence, LeaseLost } from '../leases/lease.js';
import type { Store } from '../store/open-store.js';
import { transaction } from '../store/transaction.js';
import { checkPlace, noteApplied } from './applied-event.js';
import { Doze } from './doze.js';
import type { Append, NewEvent } from './event-feed.js';
import { ConsumerProgress, type StreamState } from './feed-reader.js';
import { feedCursors } from './feed-tables.js';
import { forgetRewound, noteRewound } from './rewound.js';

const SETTLED = 5_000;

/** What every followed event has, whatever else it carries. */
export interface SourceEvent {
  readonly id: string;
  readonly cursor: string;
}

/** A feed somewhere else, readable from any of its cursors. */
export interface FeedSource<E extends SourceEvent> {
  /** Stable; the cursor and the applied ids are kept under it. */
  readonly name: string;
  /** Opens the feed after a cursor. It ends or fails when the connection does; the consumer opens it again. */
  open(after: string | undefined): FeedStream<E>;
}

/** The events of one connection. */
export interface FeedStream<E> extends AsyncIterableIterator<E>, StreamState {}

/** Thrown by `apply` for an event that can never be applied: it is recorded with the reason, and the next one follows. */
export class EventRefused extends Error {
  override readonly name = 'EventRefused';

  constructor(
    reason: string,
    /** What is told of the refusal, in the transaction that records it. */
    readonly instead?: NewEvent,
  ) {
    super(reason);
  }
}

export interface ConsumerOptions<E extends SourceEvent> {
  store: Store;
  source: FeedSource<E>;
  /** Applies one event inside the transaction that also saves the cursor. Must do nothing outside `tx`. */
  apply(tx: SqlEntityManager, event: E, append: Append): Promise<void>;
  /** How to run that transaction; an {@link EventFeed}'s, when applying also tells of something. */
  run?: ConsumerTransaction;
  /** Where several instances follow the same source one at a time: held in each transaction, so that one that lost its turn applies nothing. */
  fence?: Fence | undefined;
  onFailure?(error: unknown): void;
  onRefused?(event: E, reason: string): void;
  /**
   * The source no longer keeps all that follows the saved cursor. With this, the gap is recorded beside the refused
   * events, told here, and the consumer goes on after `oldest`. Without it the consumer stays where it is, and every
   * attempt fails with CURSOR_EXPIRED: it never skips silently.
   */
  onGap?(gap: { after: string | undefined; oldest: string }): void;
  /**
   * The source does not know what was applied here last: it was set back to an earlier time, or begun anew. Told once each
   * time that comes about, with the code it refused with; nothing is applied until somebody decides from where to go on.
   */
  onRewound?(rewound: { after: string | undefined; code: string }): void;
  /** Called when the source answers, first and after each interruption. */
  onConnected?(): void;
  /** Milliseconds after which a source that was asked to go on from a cursor, and is connected, would have refused it. */
  settled?: number;
  /** Milliseconds before the first retry, and at most. */
  backoff?: { first: number; most: number };
}

export type ConsumerTransaction = (em: SqlEntityManager, work: (tx: SqlEntityManager, append: Append) => Promise<void>) => Promise<void>;

const withoutFeed: ConsumerTransaction = (em, work) =>
  transaction(em, (tx) =>
    work(tx, async () => {
      throw new Error('this consumer has no feed to append to');
    }),
  );

/**
 * Follows a feed and applies each event exactly once: the cursor is saved in the transaction that applies the event,
 * and an id that was applied is passed over. It may die anywhere; it goes on where its last transaction ended.
 */
export class FeedConsumer<E extends SourceEvent> implements AsyncDisposable {
  readonly #options: ConsumerOptions<E>;
  readonly #finished: Promise<void>;
  #open = true;
  #rewound = false;
  #stream: FeedStream<E> | undefined;
  readonly #doze = new Doze();
  readonly #progress: ConsumerProgress;

  constructor(options: ConsumerOptions<E>) {
    this.#options = options;
    const { source, store } = options;
    this.#progress = new ConsumerProgress(source.name);
    store.readers.add(this.#progress);
    this.#finished = this.#run().finally(() => store.readers.delete(this.#progress));
  }

  /** Whether the source does not know what was applied last; see {@link ConsumerOptions.onRewound}. */
  get rewound(): boolean {
    return this.#rewound;
  }

  /** Tries at once instead of waiting out the backoff. */
  nudge(): void {
    this.#doze.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    this.#doze.wake();
    await this.#stream?.return?.().catch(() => {});
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { first, most } = this.#options.backoff ?? { first: 200, most: 5_000 };
    let wait = first;
    while (this.#open) {
      try {
        await this.#consume(() => {
          wait = first;
        });
      } catch (error) {
        if (this.#open) await this.#failed(error);
      }
      this.#progress.closed();
      if (!this.#open) return;
      await this.#doze.for(wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, most);
    }
  }

  async #failed(error: unknown): Promise<void> {
    // another instance follows now, and this one is about to be told
    if (error instanceof LeaseLost) return;
    this.#progress.failures++;
    this.#options.onFailure?.(error);
    const { code } = error as { code?: unknown };
    if (code === 'CURSOR_AHEAD' || code === 'CURSOR_FOREIGN') await this.#tellRewound(code);
    const oldest = oldestAvailable(error);
    if (oldest === undefined || this.#options.onGap === undefined) return;
    try {
      await this.#passOver(oldest);
    } catch (failure) {
      this.#options.onFailure?.(failure);
    }
  }

  async #tellRewound(code: string): Promise<void> {
    if (this.#rewound) return;
    this.#rewound = true;
    const { store, source } = this.#options;
    const saved = await noteRewound(store, source.name, code).catch((error) => {
      // told again when it is tried again
      this.#rewound = false;
      this.#options.onFailure?.(error);
    });
    this.#options.onRewound?.({ after: saved?.cursor, code });
  }

  /** Whether the source knows the cursor after all, which without an event it says by not refusing it. */
  async #forgetRewound(stream: FeedStream<E>): Promise<void> {
    if (this.#stream !== stream || stream.connected !== true) return;
    await forgetRewound(this.#options.store, this.#options.source.name);
    this.#rewound = false;
  }

  async #passOver(oldest: string): Promise<void> {
    const { store, source } = this.#options;
    const saved = await store.fork().findOne(feedCursors, source.name);
    // names this gap and no other, so that one that was recorded before a crash is recorded once
    const eventId = `gap:${createHash('sha256')
      .update(JSON.stringify([saved?.cursor, oldest]))
      .digest('hex')
      .slice(0, 40)}`;
    const gap = { id: eventId, cursor: oldest } as E;
    await transaction(
      store.fork(),
      async (tx) => void (await this.#record(tx, gap, 'events before it are no longer kept by their source')),
    );
    this.#options.onGap?.({ after: saved?.cursor, oldest });
  }

  async #consume(connected: () => void): Promise<void> {
    const { store, source } = this.#options;
    const saved = await store.fork().findOne(feedCursors, source.name);
    if (!this.#open) return;
    const stream = source.open(saved?.cursor);
    this.#stream = stream;
    this.#progress.opened(stream);
    this.#options.onConnected?.();
    const known = () => this.#forgetRewound(stream).catch((error) => this.#options.onFailure?.(error));
    const settled = saved?.rewoundCode == null ? undefined : setTimeout(() => void known(), this.#options.settled ?? SETTLED);
    try {
      for await (const event of stream) {
        connected();
        this.#progress.began();
        this.#rewound = false;
        await this.#applyOnce(event);
        this.#progress.ended();
        if (!this.#open) return;
      }
    } finally {
      clearTimeout(settled);
      this.#stream = undefined;
    }
  }

  async #applyOnce(event: E): Promise<void> {
    const { store, source, run = withoutFeed } = this.#options;
    checkPlace(source.name, event);
    try {
      await run(store.fork(), async (tx, append) => {
        if (await this.#record(tx, event, null)) await this.#options.apply(tx, event, append);
      });
      this.#progress.applied++;
    } catch (error) {
      if (!(error instanceof EventRefused)) throw error;
      const { instead } = error;
      await run(store.fork(), async (tx, append) => {
        if ((await this.#record(tx, event, error.message)) && instead !== undefined) await append(instead);
      });
      this.#progress.refused++;
      this.#options.onRefused?.(event, error.message);
    }
  }

  /** Saves the cursor and the id; false when the id was there before. */
  async #record(tx: SqlEntityManager, event: E, refusal: string | null): Promise<boolean> {
    const source = this.#options.source.name;
    const now = new Date();
    await this.#options.fence?.hold(tx);
    await tx.upsert(feedCursors, { source, cursor: event.cursor, updatedAt: now, rewoundCode: null, rewoundAt: null });
    return noteApplied(tx, source, event.id, refusal, now);
  }
}

/** The cursor that a refusal with CURSOR_EXPIRED offers. */
function oldestAvailable(error: unknown): string | undefined {
  const { code, extensions } = error as { code?: unknown; extensions?: { oldest?: unknown } };
  const oldest = extensions?.oldest;
  return code === 'CURSOR_EXPIRED' && typeof oldest === 'string' && oldest.length <= 512 ? oldest : undefined;
}
