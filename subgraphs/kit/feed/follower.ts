import { Doze } from './doze.js';
import type { EventFeed, FeedEvent, FeedFilter } from './event-feed.js';

/**
 * One reader of a feed. Written by hand and not as an async generator: `return()` on a generator that awaits is queued
 * until the next event, so a client that left would stay subscribed.
 */
export class FeedFollower implements AsyncIterableIterator<FeedEvent, undefined> {
  #buffer: readonly FeedEvent[] = [];
  /** Where to go on when the buffer is empty. */
  #until: number;
  #next = 0;
  #open = true;
  /** Raised by a wake-up, so that one which comes during a read is not missed. */
  #look = true;
  readonly #doze = new Doze();
  readonly #stopListening: () => void;

  constructor(
    readonly feed: EventFeed,
    after: number,
    readonly filter: FeedFilter,
  ) {
    this.#until = after;
    this.#stopListening = feed.wakeUp.listen(() => {
      this.#look = true;
      this.#doze.wake();
    });
  }

  /** Up to here it has looked; what it has read and not given out yet is before. */
  get position(): number {
    return this.#until;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FeedEvent, undefined>> {
    while (this.#open) {
      const event = this.#buffer[this.#next];
      if (event !== undefined) {
        this.#next++;
        if (this.filter.accepts?.(event) === false) continue;
        return { value: event, done: false };
      }
      if (!this.#look) await this.#doze.for(this.feed.pollInterval);
      if (!this.#open) break;
      this.#look = false;
      // beyond what the filter passed over, too: a subject that is quiet for long must not expire for who watches it
      const { events, until } = await this.#read();
      this.#buffer = events;
      this.#until = until;
      this.#next = 0;
      if (this.#buffer.length > 0) this.#look = true;
    }
    return { value: undefined, done: true };
  }

  /** Whoever loops over this does not end what has failed, so it listens no more from then on. */
  async #read(): ReturnType<EventFeed['read']> {
    try {
      return await this.feed.read(this.#until, this.filter);
    } catch (error) {
      await this.return();
      throw error;
    }
  }

  async return(): Promise<IteratorResult<FeedEvent, undefined>> {
    this.#open = false;
    this.#stopListening();
    this.#doze.wake();
    return { value: undefined, done: true };
  }

  throw(): Promise<IteratorResult<FeedEvent, undefined>> {
    return this.return();
  }
}
