/** Somebody who applies a feed to a store, as far as is of interest to whoever watches over it. */
export type FeedReader = ConsumerProgress | ProjectionProgress;

/** A projection of the store's own feed. */
export interface ProjectionProgress {
  readonly kind: 'projection';
  readonly name: string;
  /** Under which its place in the feed is kept. */
  readonly source: string;
}

/** What is known of a connection to a feed beside its events. */
export interface StreamState {
  /** Whether the publisher has answered. Absent: only an event says so. */
  readonly connected?: boolean;
  /** Events that have come and were not taken yet. */
  readonly waiting?: number;
}

/** How a consumer gets on with its source. Counts are of this process. */
export class ConsumerProgress {
  readonly kind = 'consumer';
  applied = 0;
  refused = 0;
  failures = 0;
  #stream: StreamState | undefined;
  #heard = false;
  #applying = false;
  #levelAt = performance.now();

  constructor(
    /** Under which its place is kept. */
    readonly name: string,
  ) {}

  get connected(): boolean {
    return this.#stream !== undefined && (this.#stream.connected ?? this.#heard);
  }

  /** Events that came and are not applied. */
  get waiting(): number {
    return (this.#stream?.waiting ?? 0) + (this.#applying ? 1 : 0);
  }

  /** Milliseconds for which it has not been level with its source as far as it can know; 0 while it is. */
  get behindMs(): number {
    return this.#level() ? 0 : performance.now() - this.#levelAt;
  }

  opened(stream: StreamState): void {
    this.#stream = stream;
    this.#heard = false;
  }

  closed(): void {
    this.#note();
    this.#applying = false;
    this.#stream = undefined;
  }

  began(): void {
    this.#note();
    this.#heard = true;
    this.#applying = true;
  }

  ended(): void {
    this.#applying = false;
    this.#note();
  }

  #level(): boolean {
    return this.connected && this.waiting === 0;
  }

  #note(): void {
    if (this.#level()) this.#levelAt = performance.now();
  }
}
