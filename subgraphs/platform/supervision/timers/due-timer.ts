import { loggableError } from '../../../kit/errors/loggable-error.js';
import { Rounds } from '../../../kit/feed/rounds.js';
import type { Supervision } from '../supervision.js';
import { checkDue, nextDue } from './check-due.js';

/** Milliseconds until it tries again after a failure. */
const RETRY = 500;
/** Milliseconds until it asks again whether the ledger has been read. */
const BEHIND = 100;

/**
 * Looks at each case when it is due to be looked at. When that is stands in the store, so nothing is missed while no
 * instance runs, and several may: what one has looked at is not due for the others.
 */
export class DueTimer implements AsyncDisposable {
  readonly #rounds: Rounds;

  /**
   * @param pollInterval milliseconds after which it looks by itself, should every wake-up be lost
   * @param caughtUp whether everything that the ledger knows has been read: until then what is due may have been done
   */
  constructor(
    readonly supervision: Supervision,
    readonly pollInterval: number,
    readonly caughtUp: () => Promise<boolean>,
  ) {
    this.#rounds = new Rounds({
      round: () => this.#round(),
      onFailure: (error) => supervision.log.error({ err: loggableError(error) }, 'cases that are due could not be looked at; trying again'),
      retry: RETRY,
    });
  }

  /** Has it look at once: something may be due earlier than it knew. */
  wake(): void {
    this.#rounds.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  /** @returns milliseconds until the next one */
  async #round(): Promise<number> {
    const next = await nextDue(this.supervision);
    if (next === undefined || next > this.supervision.clock()) return this.#rest();
    if (!(await this.caughtUp())) return BEHIND;
    while (this.#rounds.open && (await checkDue(this.supervision)) > 0);
    return this.#rest();
  }

  /** Milliseconds until something is due, at most the poll interval: another instance may have learnt of something earlier. */
  async #rest(): Promise<number> {
    const next = await nextDue(this.supervision);
    const left = next === undefined ? this.pollInterval : next.getTime() - this.supervision.clock().getTime();
    return Math.min(Math.max(left, 1), this.pollInterval);
  }
}
