/** How a stream ends early: with these errors, told to the client in place of a result. */
export class StreamFailure extends Error {
  override readonly name = 'StreamFailure';
  readonly errors: readonly unknown[];

  constructor(errors: readonly unknown[]) {
    super('the subscription ended with an error');
    this.errors = errors;
  }
}

/**
 * Events between a source that pushes and a reader that pulls, at most `limit` of them.
 *
 * Written out by hand, not as an async generator: `return()` on a generator that waits inside an `await` is queued until
 * the next event, so a client that leaves would stay subscribed.
 */
export class EventQueue<T> implements AsyncIterator<T, undefined> {
  readonly #limit: number;
  readonly #release: () => void;
  readonly #queue: T[] = [];
  #waiting: PromiseWithResolvers<IteratorResult<T, undefined>> | undefined;
  #ended = false;
  #failure: StreamFailure | undefined;

  /** @param release called once, when the queue ends for whatever reason. */
  constructor(limit: number, release: () => void) {
    this.#limit = limit;
    this.#release = release;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** False when the queue is full, and the event not taken. */
  push(value: T): boolean {
    if (this.#ended) return true;
    if (this.#waiting !== undefined) {
      this.#waiting.resolve({ value, done: false });
      this.#waiting = undefined;
      return true;
    }
    if (this.#queue.length >= this.#limit) return false;
    this.#queue.push(value);
    return true;
  }

  /** Ends the stream after the events that are queued. */
  end(failure?: StreamFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#release();
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    this.#failure = undefined;
    if (failure === undefined) waiting.resolve({ value: undefined, done: true });
    else waiting.reject(failure);
  }

  async next(): Promise<IteratorResult<T, undefined>> {
    const value = this.#queue.shift();
    if (value !== undefined) return { value, done: false };
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
    if (this.#ended) return { value: undefined, done: true };
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** The reader left: what is queued is of no use any more. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.#queue.length = 0;
    this.end();
    this.#failure = undefined;
    return { value: undefined, done: true };
  }
}
