/** At most so many tasks at a time; the others wait for their turn, in order. */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#free = limit;
  }

  /** Rejects with the signal's reason when it aborts before the task has begun. */
  async take<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    try {
      return await task();
    } finally {
      const [next] = this.#waiting;
      // the turn passes to the next in line
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begin = () => {
      this.#waiting.delete(begin);
      signal.removeEventListener('abort', giveUp);
      resolve();
    };
    const giveUp = () => {
      this.#waiting.delete(begin);
      reject(signal.reason as Error);
    };
    this.#waiting.add(begin);
    signal.addEventListener('abort', giveUp, { once: true });
    return promise;
  }
}
