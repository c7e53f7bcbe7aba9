export interface BreakerOptions {
  /** Consecutive failures after which calls fail at once. */
  failures: number;
  /** Milliseconds between probes while open. */
  probeEveryMs: number;
  now?: () => number;
}

/**
 * Spares callers the wait for a peer that is down. After enough consecutive failures calls fail at once; one call per
 * probe interval goes through, and its success closes the breaker again.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  readonly #now: () => number;
  #failures = 0;
  #nextProbe = 0;

  constructor(options: BreakerOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  get open(): boolean {
    return this.#failures >= this.#options.failures;
  }

  /** True when a call may go out now; while open, the one that gets `true` is the probe. */
  admits(): boolean {
    if (!this.open) return true;
    if (this.#now() < this.#nextProbe) return false;
    this.#nextProbe = this.#now() + this.#options.probeEveryMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  failed(): void {
    this.#failures++;
    if (this.#failures === this.#options.failures) this.#nextProbe = this.#now() + this.#options.probeEveryMs;
  }
}
