import { Rounds } from '../../../kit/feed/rounds.js';
import type { Ledger } from '../ledger.js';
import { dossiers } from '../store/file-tables.js';
import { sealDossier } from './seal-dossier.js';

const BATCH = 20;

export interface DossierSealerOptions {
  ledger: Ledger;
  /** Milliseconds between two looks. */
  pollInterval: number;
  onFault: (error: unknown) => void;
}

/**
 * Seals dossiers when they are due, one after the other so that nobody else has to wait for it. One that can't be sealed
 * (a file is missing, the store is down) is left for the next look, and holds up no other.
 */
export class DossierSealer implements AsyncDisposable {
  readonly #options: DossierSealerOptions;
  readonly #rounds: Rounds;

  constructor(options: DossierSealerOptions) {
    this.#options = options;
    const { pollInterval, onFault } = options;
    this.#rounds = new Rounds({
      round: async () => {
        await this.#sealDue();
        return pollInterval;
      },
      onFailure: onFault,
      retry: pollInterval,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#rounds[Symbol.asyncDispose]();
  }

  async #sealDue(): Promise<void> {
    const { ledger, onFault } = this.#options;
    let after: string | undefined;
    while (this.#rounds.open) {
      const due = await ledger.store
        .fork()
        .find(
          dossiers,
          { sealedAt: null, sealDueAt: { $lte: ledger.clock() }, ...(after !== undefined && { caseNumber: { $gt: after } }) },
          { fields: ['caseNumber'], orderBy: { caseNumber: 'asc' }, limit: BATCH, disableIdentityMap: true },
        );
      for (const { caseNumber } of due) {
        if (!this.#rounds.open) return;
        await sealDossier(ledger, caseNumber).catch(onFault);
      }
      after = due.at(-1)?.caseNumber;
      if (due.length < BATCH) return;
    }
  }
}
