import type { Logger } from 'pino';
import { loggableError } from '../errors/loggable-error.js';
import type { EventFeed } from './event-feed.js';

/** How much of a feed is kept. Without a member everything is kept for ever. */
export interface RetentionPolicy {
  /** Events older than so many days are given up. */
  readonly days?: number | undefined;
  /** Of more than so many events the oldest are given up, but none younger than {@link YOUNGEST_GIVEN_UP}. */
  readonly events?: number | undefined;
}

const HOUR = 3_600_000;
/**
 * Milliseconds for which an event is kept whatever the policy says: gateways and followers that lose their connection
 * resume within minutes, and must find what came meanwhile.
 */
export const YOUNGEST_GIVEN_UP = HOUR;

export interface FeedRetentionOptions {
  readonly feed: EventFeed;
  readonly policy: RetentionPolicy;
  readonly clock: () => Date;
  readonly log: Logger;
  /** Milliseconds between two passes; as exact as ages are known. */
  readonly interval?: number;
}

/**
 * Gives up what a feed need not keep, once an hour. Ages go by when an event was written and not by when it is said to
 * have happened, which may be long before. Any number of instances may do it at the same time.
 *
 * Only for feeds whose events are also kept elsewhere, as the ledger's timelines are. The registry's and the catalogue's
 * are read from their beginning by whoever is new, and must be whole.
 */
export class FeedRetention implements AsyncDisposable {
  readonly #options: FeedRetentionOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: FeedRetentionOptions) {
    this.#options = options;
    const { days, events } = options.policy;
    if (days === undefined && events === undefined) return;
    this.#timer = setInterval(() => void this.pass(), options.interval ?? HOUR);
    void this.pass();
  }

  /** Looks once; after the pass that is under way. Never rejects: what could not be given up now is given up later. */
  pass(): Promise<void> {
    this.#running = this.#running.then(() => this.#pass());
    return this.#running;
  }

  async #pass(): Promise<void> {
    const { feed, policy, clock, log } = this.#options;
    const { days, events } = policy;
    const now = clock();
    const ago = (ms: number) => new Date(now.getTime() - ms);
    try {
      await feed.mark(now);
      const before = days === undefined ? undefined : ago(Math.max(days * 24 * HOUR, YOUNGEST_GIVEN_UP));
      const pruned = await feed.prune({ before, beyond: events, butNotSince: ago(YOUNGEST_GIVEN_UP) });
      if (pruned > 0) log.info({ pruned }, 'old events of the feed are no longer kept');
    } catch (error) {
      log.error({ err: loggableError(error) }, 'the feed could not be shortened; trying again');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }
}
