import type { Caller } from '../../../subgraphs/kit/identity/caller.js';
import { clientNetwork } from '../../security/client-network.js';

/** What one client may hold. Durations are milliseconds; 0 means no limit. */
export interface ClientLimits {
  /** Connections of one identity; of one address, for callers without identity. */
  readonly connectionsPerIdentity: number;
  readonly subscriptionsPerConnection: number;
  /** Messages, pings included, that one socket may send per second; ten times as many in one go. */
  readonly messagesPerSecond: number;
  /** Until `connection_init` must have come. */
  readonly initTimeoutMs: number;
  /** How long a connection may stay open without any operation. */
  readonly idleMs: number;
  /** How long a connection may stay open; its clients come back, and spread over the gateways there are then. */
  readonly lifetimeMs: number;
  /** Results that may wait for one subscription of a slow client. */
  readonly queueCount: number;
  /** Bytes that may wait for one subscription of a slow client. */
  readonly queueBytes: number;
}

export const DEFAULT_LIMITS: ClientLimits = {
  connectionsPerIdentity: 200,
  subscriptionsPerConnection: 100,
  messagesPerSecond: 100,
  initTimeoutMs: 10_000,
  idleMs: 10 * 60_000,
  lifetimeMs: 0,
  queueCount: 256,
  queueBytes: 1_048_576,
};

/**
 * How many times as many may be open from one address that have not said yet whose they are: many people come from behind one, and
 * all at once when a gateway has gone.
 */
const UNNAMED = 10;

/** Seconds' worth of messages that may come in one go. */
const BURST = 10;

/** How much one socket may still say: a bucket that fills by the second. */
export class MessageBudget {
  readonly #perSecond: number;
  #left: number;
  #at: number;

  /** @param perSecond 0 for no limit. */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond * BURST;
    this.#at = now;
  }

  /** False when there is nothing left. @param now milliseconds. */
  take(now: number): boolean {
    if (this.#perSecond === 0) return true;
    this.#left = Math.min(this.#perSecond * BURST, this.#left + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}

/** Counts connections by whose they are. */
export class ConnectionCounter {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  /** @param limit 0 for none. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a place and returns what gives it back; undefined when all are taken. */
  enter(caller: Caller, address: string): (() => void) | undefined {
    return this.#take(caller.roles.length === 0 ? `address ${clientNetwork(address)}` : `subject ${caller.subject}`, this.#limit);
  }

  /** The same for a connection that has not said yet whose it is: by where it comes from, apart from those that have. */
  enterUnnamed(address: string): (() => void) | undefined {
    return this.#take(`unnamed ${clientNetwork(address)}`, this.#limit * UNNAMED);
  }

  #take(key: string, limit: number): (() => void) | undefined {
    const count = this.#counts.get(key) ?? 0;
    if (limit > 0 && count >= limit) return undefined;
    this.#counts.set(key, count + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const rest = (this.#counts.get(key) ?? 0) - 1;
      if (rest > 0) this.#counts.set(key, rest);
      else this.#counts.delete(key);
    };
  }

  get size(): number {
    return this.#counts.size;
  }
}
