import type { RefreshResult } from './apply-declaration.js';

export interface RefreshCycleOptions {
  /** Asks the department once and takes over what it declares. */
  readonly refresh: () => Promise<RefreshResult>;
  /** Milliseconds between two refreshes that went well. */
  readonly interval: number;
  /** Milliseconds until the first retry after a failure, and at most. */
  readonly backoff: { readonly first: number; readonly most: number };
  /** Whether this instance goes on by itself; another one does otherwise. */
  readonly goesOn: () => boolean;
}

/** Keeps one department's items fresh: one request at a time, the next one timed by how the last one went. */
export class RefreshCycle implements AsyncDisposable {
  readonly #options: RefreshCycleOptions;
  #running: Promise<RefreshResult> | undefined;
  #queued: Promise<RefreshResult> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #open = true;

  constructor(options: RefreshCycleOptions) {
    this.#options = options;
  }

  /** Refreshes now. While a request is out its answer may be too old already, so one more follows it, for everybody who asks meanwhile. */
  refresh(): Promise<RefreshResult> {
    if (this.#running === undefined) return this.#start();
    this.#queued ??= this.#running.then(
      () => this.#next(),
      () => this.#next(),
    );
    return this.#queued;
  }

  /** Like {@link refresh}, for whoever does not wait; failures are retried. */
  trigger(): void {
    this.refresh().catch(() => {});
  }

  /** Leaves it to another instance to go on. */
  rest(): void {
    clearTimeout(this.#timer);
  }

  /** Waits for what is under way; whoever disposes makes it end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    clearTimeout(this.#timer);
    await (this.#queued ?? this.#running)?.catch(() => {});
  }

  #next(): Promise<RefreshResult> {
    this.#queued = undefined;
    return this.#start();
  }

  #start(): Promise<RefreshResult> {
    clearTimeout(this.#timer);
    const running = this.#options.refresh();
    this.#running = running;
    const settled = (failures: number) => {
      this.#running = undefined;
      this.#failures = failures;
      if (this.#open && this.#queued === undefined && this.#options.goesOn()) this.#wait();
    };
    running.then(
      () => settled(0),
      () => settled(this.#failures + 1),
    );
    return running;
  }

  #wait(): void {
    const { interval, backoff } = this.#options;
    const delay = this.#failures === 0 ? interval : Math.min(backoff.first * 2 ** (this.#failures - 1), backoff.most);
    // spread, so that departments are not all asked in the same moment for ever
    this.#timer = setTimeout(() => this.trigger(), delay * (0.75 + Math.random() / 2));
  }
}
