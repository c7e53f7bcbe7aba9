import type { Logger } from 'pino';
import { loggableError } from '../errors/loggable-error.js';
import type { Store } from '../store/open-store.js';
import type { PersonalDataKeys } from './personal-data-keys.js';
import { rekey } from './rekey.js';

/** Milliseconds between two looks for a new current key. */
const LOOK = 5_000;

/** Keeps a store sealed with the current key: at the start, and whenever another key becomes the current one. */
export class Rekeying implements AsyncDisposable {
  readonly #stopped = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #done = '';
  #running: Promise<void> = Promise.resolve();
  #isRunning = false;

  constructor(
    readonly store: Store,
    readonly keys: PersonalDataKeys,
    readonly log: Logger,
    look = LOOK,
  ) {
    this.#timer = setInterval(() => this.#look(), look);
    this.#timer.unref();
    this.#look();
  }

  /** Settles when nothing is left to be sealed anew with the key that is current now. */
  async settled(): Promise<void> {
    this.#look();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#stopped.abort();
    await this.#running;
  }

  #look(): void {
    if (this.#isRunning || this.#stopped.signal.aborted) return;
    this.#isRunning = true;
    this.#running = this.#run().finally(() => {
      this.#isRunning = false;
    });
  }

  async #run(): Promise<void> {
    try {
      this.keys.refresh();
      while (this.#done !== this.keys.currentPrefix && !this.#stopped.signal.aborted) {
        const prefix = this.keys.currentPrefix;
        const { rows, unreadable } = await rekey(this.store, this.#stopped.signal);
        this.#done = prefix;
        if (rows > 0) this.log.info({ rows, key: this.keys.currentId }, 'personal data is sealed with the current key');
        if (unreadable > 0) this.log.error({ rows: unreadable }, 'personal data that no configured key opens was left as it is');
      }
    } catch (error) {
      // it is tried again at the next look; until then everything is readable as it is
      this.log.error({ err: loggableError(error) }, 'sealing personal data anew failed');
    }
  }
}
