import type { PlainEvent, PlainFeed } from './feed.js';

/** One subscription's reading of the feed. */
export class PlainFollower implements AsyncIterableIterator<{ caseEvents: PlainEvent }, undefined> {
  #position: number;
  #open = true;
  #wake: (() => void) | undefined;
  #stopListening: () => void;

  constructor(
    readonly feed: PlainFeed,
    after: string | null | undefined,
  ) {
    const { faults } = feed;
    this.#position = feed.positionOf(after, faults.has('bad cursor of stream starts over'));
    if (after != null && faults.has('cursor ignored by stream')) this.#position = 0;
    if (after != null && feed.brokenOffAt !== undefined) {
      if (faults.has('gap after reconnect')) this.#position = Math.max(this.#position, feed.brokenOffAt);
      if (faults.has('repeat after reconnect')) this.#position = Math.max(0, this.#position - 1);
      feed.brokenOffAt = undefined;
    }
    const look = faults.has('live events late') ? () => setTimeout(() => this.#wake?.(), 1_100) : () => this.#wake?.();
    this.#stopListening = faults.has('no live events') ? () => undefined : feed.listen(look);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<{ caseEvents: PlainEvent }, undefined>> {
    if (this.feed.faults.has('stream ends at once')) await this.return();
    while (this.#open) {
      while (this.#position < this.feed.length) {
        const event = this.feed.at(this.#position++);
        if (event !== undefined) return { done: false, value: { caseEvents: event } };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<{ caseEvents: PlainEvent }, undefined>> {
    this.#open = false;
    this.#stopListening();
    this.#wake?.();
    return { done: true, value: undefined };
  }

  /** The connection was lost without a word. */
  brokenOff(): void {
    this.feed.brokenOffAt = this.#position;
  }
}
