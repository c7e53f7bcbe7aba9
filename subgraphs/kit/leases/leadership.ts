import type { Logger } from 'pino';
import { loggableError } from '../errors/loggable-error.js';
import { Rounds } from '../feed/rounds.js';
import type { Store } from '../store/open-store.js';
import type { Holder } from './holder.js';
import { type Fence, Lease } from './lease.js';

/** Milliseconds for which a leader that says nothing more is waited for; it is asked for a third of that. */
export const LEASE_TTL = 6_000;

export interface LeadershipOptions {
  readonly store: Store;
  /** What is done by one instance at a time. */
  readonly name: string;
  /** Begins it; what it returns is disposed of when another instance may have taken over. Called again each time it is taken. */
  readonly lead: (fence: Fence) => Promise<AsyncDisposable>;
  readonly log: Logger;
  /** Milliseconds; {@link LEASE_TTL} when left out. */
  readonly ttl?: number | undefined;
  readonly holder?: Holder;
}

/**
 * Has one of all instances over a store do something, and another one take it over when that one ends, hangs or loses the
 * store. An instance that was stopped and goes on finds out by itself; what it writes before that is refused by the fence.
 */
export class Leadership implements AsyncDisposable {
  readonly #options: LeadershipOptions;
  readonly #lease: Lease;
  readonly #ttl: number;
  readonly #rounds: Rounds;
  readonly #tried = Promise.withResolvers<void>();
  #work: AsyncDisposable | undefined;
  #stopping: Promise<void> = Promise.resolve();

  private constructor(options: LeadershipOptions) {
    this.#options = options;
    const { store, name, log, ttl = LEASE_TTL, holder } = options;
    this.#ttl = ttl;
    this.#lease = new Lease({ store, name, ttl, ...(holder !== undefined && { holder }) });
    this.#rounds = new Rounds({
      round: () => this.#round().finally(() => this.#tried.resolve()),
      onFailure: (error) => {
        log.error({ lease: name, err: loggableError(error) }, 'the lease could not be asked for; trying again');
        // as long as it is held others keep away; after that they do not
        if (!this.#lease.held) void this.#stop();
      },
      retry: ttl / 6,
    });
  }

  /** Resolves after the first try: an instance that is alone has begun then. */
  static async start(options: LeadershipOptions): Promise<Leadership> {
    const leadership = new Leadership(options);
    await leadership.#tried.promise;
    return leadership;
  }

  /** Whether this instance does it, for all that it knows. */
  get leads(): boolean {
    return this.#work !== undefined && this.#lease.held;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
    await this.#stop();
    try {
      await this.#lease.release();
    } catch {
      // it runs out by itself
    }
  }

  /** @returns milliseconds until the next one */
  async #round(): Promise<number> {
    const { name, log, lead } = this.#options;
    const extended = await this.#lease.extend();
    if (extended !== 'KEPT') await this.#stop();
    if (extended !== 'ELSEWHERE' && this.#work === undefined) {
      await this.#stopping;
      this.#work = await lead(this.#lease);
      log.info({ lease: name }, 'this instance does now what one does for all');
    }
    return this.#ttl / 3;
  }

  #stop(): Promise<void> {
    const work = this.#work;
    this.#work = undefined;
    if (work !== undefined) {
      this.#options.log.info({ lease: this.#options.name }, 'this instance no longer does what one does for all');
      this.#stopping = this.#stopping.then(() => work[Symbol.asyncDispose]());
    }
    return this.#stopping;
  }
}
