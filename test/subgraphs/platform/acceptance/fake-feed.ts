import { CataloguedError } from '../../../../subgraphs/kit/errors/catalogued-error.js';

/** A feed in memory, as another program would have it: any event may be given, even one that breaks the contract. */
export class FakeFeed<E extends object> {
  readonly events: (E & { cursor: string })[] = [];
  /** Events up to this one are no longer kept. */
  pruned = 0;
  readonly #streams = new Set<{ wake(): void; fail(error: Error): void }>();

  publish(...events: E[]): void {
    for (const event of events) this.events.push({ ...event, cursor: `at-${this.events.length + 1}` });
    for (const stream of this.#streams) stream.wake();
  }

  get followers(): number {
    return this.#streams.size;
  }

  after(cursor: string | null | undefined): number {
    const position = cursor == null ? 0 : Number(cursor.slice('at-'.length));
    if (position < this.pruned) throw new CataloguedError('CURSOR_EXPIRED', 'no longer kept', { oldest: `at-${this.pruned}` });
    return position;
  }

  /** Breaks every open stream. */
  cut(): void {
    for (const stream of this.#streams) stream.fail(new Error('cut'));
  }

  follow(cursor: string | null | undefined): AsyncIterableIterator<E & { cursor: string }> {
    let position = this.after(cursor);
    let waiting: PromiseWithResolvers<void> | undefined;
    let open = true;
    let failure: Error | undefined;
    const stream = {
      wake: () => waiting?.resolve(),
      fail: (error: Error) => {
        failure = error;
        waiting?.resolve();
      },
    };
    this.#streams.add(stream);
    const close = async () => {
      open = false;
      this.#streams.delete(stream);
      waiting?.resolve();
      return { value: undefined, done: true as const };
    };
    return {
      [Symbol.asyncIterator]() {
        return this;
      },
      next: async () => {
        for (;;) {
          if (failure !== undefined) {
            await close();
            throw failure;
          }
          if (!open) return { value: undefined, done: true as const };
          const event = this.events[position];
          if (event !== undefined) {
            position++;
            return { value: event, done: false as const };
          }
          waiting = Promise.withResolvers();
          await waiting.promise;
        }
      },
      return: close,
    };
  }
}
