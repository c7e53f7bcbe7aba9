export interface RetryBudgetOptions {
  /** Retries that each call earns: of many calls that fail, at most this share is made twice. */
  readonly share: number;
  /** Retries that may be saved up, and are there at the beginning, so that a peer that is seldom asked is not left without. */
  readonly reserve: number;
}

/**
 * How often one peer may be asked a second time: a bucket that calls fill and retries empty. A peer that fails is asked more
 * the more it fails, if nothing stops that; here it is asked at most a tenth more than it would be anyway.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  #tokens: number;

  constructor(options: RetryBudgetOptions = { share: 0.1, reserve: 10 }) {
    this.#options = options;
    this.#tokens = options.reserve;
  }

  /** A call was made that is no retry. */
  called(): void {
    this.#tokens = Math.min(this.#options.reserve, this.#tokens + this.#options.share);
  }

  /** False when a retry is not to be made. */
  take(): boolean {
    // a tenth can't be added up exactly
    if (this.#tokens < 1 - 1e-9) return false;
    this.#tokens--;
    return true;
  }
}
