import { Rounds } from '../../../kit/feed/rounds.js';
import type { Ledger } from '../ledger.js';
import { applications } from '../store/tables.js';
import { deemAcceptedIfDue } from './deem-accepted.js';

const BATCH = 50;

export interface DeemedAcceptanceTimerOptions {
  ledger: Ledger;
  /** Milliseconds after which it looks again at the latest, should the clock be set or another instance write. */
  pollInterval: number;
  /** Told without personal data. */
  onAccepted: (caseNumber: string) => void;
  onFault: (error: unknown) => void;
}

/**
 * Accepts by law what nobody answered in time. What is due is in the store, under an index: whatever came due while no
 * instance was running is found at the next start, and of several instances that find the same one, one accepts it.
 */
export class DeemedAcceptanceTimer implements AsyncDisposable {
  readonly #options: DeemedAcceptanceTimerOptions;
  readonly #rounds: Rounds;

  constructor(options: DeemedAcceptanceTimerOptions) {
    this.#options = options;
    const { pollInterval, onFault } = options;
    this.#rounds = new Rounds({
      round: async () => Math.min(await this.#acceptDue(), pollInterval),
      onFailure: onFault,
      retry: pollInterval,
    });
  }

  /** Looks at once. */
  wake(): void {
    this.#rounds.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  /** One that fails, because its row can't be read or whatever else, holds up no other. @returns milliseconds until the next one is due */
  async #acceptDue(): Promise<number> {
    const { ledger, onAccepted, onFault } = this.#options;
    const failed: string[] = [];
    while (this.#rounds.open) {
      const now = ledger.clock();
      const waiting = await ledger.store
        .fork()
        .find(
          applications,
          { state: 'SUBMITTED', deemedDueAt: { $ne: null }, id: { $nin: failed } },
          { fields: ['id', 'deemedDueAt'], orderBy: { deemedDueAt: 'asc', id: 'asc' }, limit: BATCH, disableIdentityMap: true },
        );
      const due = waiting.filter(({ deemedDueAt }) => deemedDueAt != null && deemedDueAt < now);
      for (const { id } of due) {
        try {
          const number = await deemAcceptedIfDue(ledger, id);
          if (number !== undefined) onAccepted(number);
        } catch (error) {
          onFault(error);
          failed.push(id);
        }
      }
      if (due.length < BATCH) {
        const next = waiting[due.length]?.deemedDueAt;
        // it is due once its last millisecond is over
        return next == null ? Number.POSITIVE_INFINITY : next.getTime() - now.getTime() + 1;
      }
    }
    return Number.POSITIVE_INFINITY;
  }
}
