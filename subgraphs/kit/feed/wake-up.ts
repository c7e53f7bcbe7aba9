import { Redis } from 'ioredis';

/**
 * Tells followers of a feed to look. It carries nothing: the store is the truth, and a wake-up that is lost costs at
 * most the poll interval.
 */
export interface WakeUp extends AsyncDisposable {
  notify(): void;
  /** Calls `listener` at every wake-up until the returned function is called. */
  listen(listener: () => void): () => void;
}

/** Wakes followers in this process. */
export class InProcessWakeUp implements WakeUp {
  readonly #listeners = new Set<() => void>();

  get listeners(): number {
    return this.#listeners.size;
  }

  notify(): void {
    for (const listener of this.#listeners) listener();
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
  }
}

/** Wakes followers in every process that shares a Redis; without Redis it wakes those of its own process. */
export class RedisWakeUp implements WakeUp {
  readonly #local = new InProcessWakeUp();
  readonly #publisher: Redis;
  readonly #subscriber: Redis;

  constructor(
    url: string,
    readonly channel: string,
  ) {
    const options = {
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      retryStrategy: (times: number) => Math.min(times * 100, 2_000),
    };
    this.#publisher = new Redis(url, options);
    this.#subscriber = new Redis(url, { ...options, maxRetriesPerRequest: null, autoResubscribe: false });
    for (const connection of [this.#publisher, this.#subscriber]) {
      // a lost Redis costs latency only, and ioredis reconnects by itself
      connection.on('error', () => {});
      connection.connect().catch(() => {});
    }
    this.#subscriber.on('message', () => this.#local.notify());
    // once the channel is heard again, what was published meanwhile is looked up at once
    this.#subscriber.on('ready', () => {
      this.#subscriber.subscribe(channel).then(
        () => this.#local.notify(),
        () => {},
      );
    });
  }

  notify(): void {
    this.#local.notify();
    this.#publisher.publish(this.channel, '').catch(() => {});
  }

  listen(listener: () => void): () => void {
    return this.#local.listen(listener);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#publisher.disconnect();
    this.#subscriber.disconnect();
    await this.#local[Symbol.asyncDispose]();
  }
}
