import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { FeedSource, FeedStream, SourceEvent } from '../../../kit/feed/consumer.js';
import { callSubgraph } from '../../../kit/server/call-subgraph.js';

export interface PageSourceOptions {
  name: string;
  /** The publisher's HTTP endpoint, asked for at each page since it may move. */
  url: () => string;
  /** A query with one root field, a list of events, and a variable `$after`. */
  query: string;
  variables?: Record<string, unknown>;
  authorization: () => Promise<string>;
  /** Milliseconds between a page that was empty and the next. */
  pollInterval: number;
  /** Milliseconds after which it ends, once a page is empty. */
  endsAfter: number;
  onConnected?: () => void;
}

/** Reads the feed of a subgraph page by page, for whom no socket can be held to. */
export function pageSource<E extends SourceEvent>(options: PageSourceOptions): FeedSource<E> {
  return { name: options.name, open: (after) => new PageReader<E>(options, after) };
}

class PageReader<E extends SourceEvent> implements FeedStream<E> {
  readonly #closed = new AbortController();
  readonly #ends: number;
  #page: E[] = [];
  #connected = false;

  constructor(
    readonly options: PageSourceOptions,
    private after: string | undefined,
  ) {
    this.#ends = Date.now() + options.endsAfter;
  }

  get connected(): boolean {
    return this.#connected;
  }

  get waiting(): number {
    return this.#page.length;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<E, undefined>> {
    while (!this.#closed.signal.aborted) {
      const event = this.#page.shift();
      if (event !== undefined) {
        this.after = event.cursor;
        return { value: event, done: false };
      }
      this.#page = await this.#read();
      if (this.#page.length > 0) continue;
      if (Date.now() >= this.#ends) break;
      await delay(this.options.pollInterval, undefined, { signal: this.#closed.signal }).catch(() => {});
    }
    return { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<E, undefined>> {
    this.#closed.abort();
    return { value: undefined, done: true };
  }

  async #read(): Promise<E[]> {
    const { url, query, variables, authorization, onConnected } = this.options;
    try {
      const data = await callSubgraph<Record<string, E[]>>({
        url: url(),
        authorization: await authorization(),
        query,
        variables: { ...variables, after: this.after ?? null },
        requestId: randomUUID(),
        signal: this.#closed.signal,
      });
      const [page] = Object.values(data);
      if (!Array.isArray(page)) throw new TypeError(`${this.options.name}: the answer is no page`);
      if (!this.#connected) onConnected?.();
      this.#connected = true;
      return page;
    } catch (error) {
      if (this.#closed.signal.aborted) return [];
      throw error;
    }
  }
}
