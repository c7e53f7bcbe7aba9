import { loggableError } from '../../../kit/errors/loggable-error.js';
import { Doze } from '../../../kit/feed/doze.js';
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
  readonly #finished: Promise<void>;
  readonly #doze = new Doze();
  #open = true;
  #look = true;

  /**
   * @param pollInterval milliseconds after which it looks by itself, should every wake-up be lost
   * @param caughtUp whether everything that the ledger knows has been read: until then what is due may have been done
   */
  constructor(
    readonly supervision: Supervision,
    readonly pollInterval: number,
    readonly caughtUp: () => Promise<boolean>,
  ) {
    this.#finished = this.#run();
  }

  /** Has it look at once: something may be due earlier than it knew. */
  wake(): void {
    this.#look = true;
    this.#doze.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    this.wake();
    await this.#finished;
  }

  async #run(): Promise<void> {
    while (this.#open) {
      this.#look = false;
      let wait = RETRY;
      try {
        wait = await this.#round();
      } catch (error) {
        if (this.#open)
          this.supervision.log.error({ err: loggableError(error) }, 'cases that are due could not be looked at; trying again');
      }
      if (this.#open && !this.#look) await this.#doze.for(wait);
    }
  }

  /** @returns milliseconds until the next one */
  async #round(): Promise<number> {
    const next = await nextDue(this.supervision);
    if (next === undefined || next > this.supervision.clock()) return this.#rest();
    if (!(await this.caughtUp())) return BEHIND;
    while (this.#open && (await checkDue(this.supervision)) > 0);
    return this.#rest();
  }

  /** Milliseconds until something is due, at most the poll interval: another instance may have learnt of something earlier. */
  async #rest(): Promise<number> {
    const next = await nextDue(this.supervision);
    const left = next === undefined ? this.pollInterval : next.getTime() - this.supervision.clock().getTime();
    return Math.min(Math.max(left, 1), this.pollInterval);
  }
}
