import { Doze } from './doze.js';

export interface RoundsOptions {
  /** Looks once. @returns milliseconds until it looks again, unless it is woken before */
  readonly round: () => Promise<number>;
  /** Told of a round that failed, except of one that ends with the disposal. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds until it looks again after a failure. */
  readonly retry: number;
}

/** Looks again and again until it is disposed: one round at a time, the next when it is woken or its time has come. */
export class Rounds implements AsyncDisposable {
  readonly #options: RoundsOptions;
  readonly #doze = new Doze();
  readonly #finished: Promise<void>;
  #open = true;
  #look = false;

  constructor(options: RoundsOptions) {
    this.#options = options;
    this.#finished = this.#run();
  }

  /** False once it is being disposed: a long round ends early then. */
  get open(): boolean {
    return this.#open;
  }

  /** Has it look at once, or once more when it is looking. */
  wake(): void {
    this.#look = true;
    this.#doze.wake();
  }

  /** Waits for the round under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    this.#doze.wake();
    await this.#finished;
  }

  async #run(): Promise<void> {
    const { round, onFailure, retry } = this.#options;
    // whoever makes it is made first
    await Promise.resolve();
    while (this.#open) {
      this.#look = false;
      let wait = retry;
      try {
        wait = await round();
      } catch (error) {
        if (this.#open) onFailure(error);
      }
      if (this.#open && !this.#look) await this.#doze.for(wait);
    }
  }
}
