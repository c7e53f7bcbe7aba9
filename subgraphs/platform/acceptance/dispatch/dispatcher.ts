import { Rounds } from '../../../kit/feed/rounds.js';
import { SubgraphCallFailed } from '../../../kit/server/call-subgraph.js';
import type { DispatchState } from '../types/enums.js';
import { type Backoff, backoffAfter } from './backoff.js';
import type { Claim, DispatchQueue } from './dispatch-queue.js';
import type { ReceiveCase } from './receive-case.js';

/** How many cases a department is handed at once. */
const AT_ONCE = 4;

export interface DispatcherOptions {
  queue: DispatchQueue;
  receiveCase: ReceiveCase;
  clock: () => Date;
  /** Between attempts of one case, and between calls to a department that does not answer. */
  backoff: Backoff;
  /** Milliseconds after which it looks by itself, should every wake-up be lost. */
  pollInterval: number;
  /** Told without personal data. */
  onFailure: (failure: { departmentCode: string; caseNumber: string; code: string; state: DispatchState }) => void;
  /** Told of every attempt and what came of it. */
  onAttempt?: (departmentCode: string, outcome: AttemptOutcome) => void;
  onFault: (error: unknown) => void;
}

/** `failed`: it is tried again; `refused`: so it is, but less often. */
export type AttemptOutcome = 'delivered' | 'refused' | 'failed';

/**
 * Hands accepted cases to their departments, each department in a run of its own, so that one that is dead or slow holds
 * up nobody else's. It may die anywhere: a claim runs out and the case is handed over again, which departments take once.
 */
export class Dispatcher implements AsyncDisposable {
  readonly #options: DispatcherOptions;
  readonly #stopped = new AbortController();
  readonly #runs = new Map<string, Promise<void>>();
  /** Departments that did not answer, how often in a row, and until when they are left in peace. */
  readonly #silent = new Map<string, { failures: number; until: number }>();
  /** Cases at which a department that does answer has failed, since it last took one. */
  readonly #failedAt = new Map<string, Set<string>>();
  readonly #rounds: Rounds;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    const { pollInterval, onFault } = options;
    this.#rounds = new Rounds({
      round: async () => Math.min(await this.#startRuns(), pollInterval),
      onFailure: onFault,
      retry: pollInterval,
    });
  }

  /** Looks at once. */
  wake(): void {
    this.#rounds.wake();
  }

  /** A department is back: what waits for it goes now. */
  async departmentIsBack(departmentCode: string): Promise<void> {
    await this.#hurry(departmentCode, ['PENDING']);
  }

  /** A department has registered anew, perhaps mended: what it refused is tried now, too. */
  async departmentIsNew(departmentCode: string): Promise<void> {
    await this.#hurry(departmentCode, ['PENDING', 'REFUSED']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await this.#rounds[Symbol.asyncDispose]();
    await Promise.all(this.#runs.values());
  }

  async #hurry(departmentCode: string, states: DispatchState[]): Promise<void> {
    this.#silent.delete(departmentCode);
    this.#failedAt.delete(departmentCode);
    await this.#options.queue.hurry(departmentCode, states).catch(this.#options.onFault);
    this.wake();
  }

  /** Starts a run for every department that has something due. @returns milliseconds until there may be more */
  async #startRuns(): Promise<number> {
    let next = Number.POSITIVE_INFINITY;
    for (const [departmentCode, due] of await this.#options.queue.due()) {
      if (this.#runs.has(departmentCode)) continue;
      const wait = Math.max(due, this.#silent.get(departmentCode)?.until ?? 0) - Date.now();
      if (wait > 0) {
        next = Math.min(next, wait);
        continue;
      }
      const run = this.#serve(departmentCode)
        .catch(this.#options.onFault)
        .finally(() => {
          this.#runs.delete(departmentCode);
          this.wake();
        });
      this.#runs.set(departmentCode, run);
    }
    return next;
  }

  /** Hands a department its cases until none is due, or it does not answer, or fails at whatever it is handed. */
  async #serve(departmentCode: string): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      const silent = this.#silent.get(departmentCode);
      // one that was silent is tried with a single case
      const claims = await this.#options.queue.claim(departmentCode, silent === undefined ? AT_ONCE : 1);
      if (claims.length === 0) return;
      const outcomes = await Promise.allSettled(claims.map((claim) => this.#handOver(claim)));
      const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      if (faults.length > 0) throw faults[0];
      if (outcomes.every((outcome) => outcome.status === 'fulfilled' && outcome.value)) {
        this.#silent.delete(departmentCode);
        continue;
      }
      const failures = (silent?.failures ?? 0) + 1;
      this.#silent.set(departmentCode, { failures, until: Date.now() + backoffAfter(this.#options.backoff, failures) });
      return;
    }
  }

  /** One case at which a department fails holds up no other; several different ones in a row say it is at fault itself. */
  #failsAtAll(departmentCode: string, caseNumber: string): boolean {
    const failedAt = this.#failedAt.get(departmentCode) ?? new Set();
    this.#failedAt.set(departmentCode, failedAt.add(caseNumber));
    return failedAt.size >= AT_ONCE;
  }

  /** @returns whether the department may be handed the next: it answered, be it with a refusal or a failure at this case */
  async #handOver(claim: Claim): Promise<boolean> {
    const { queue, receiveCase, clock, backoff, onFailure, onAttempt } = this.#options;
    const { number: caseNumber, departmentCode } = claim.row;
    try {
      const { receivedAt } = await receiveCase(claim.row, this.#stopped.signal);
      await queue.delivered(claim, { deliveredAt: clock(), receivedAt });
      onAttempt?.(departmentCode, 'delivered');
      this.#failedAt.delete(departmentCode);
      return true;
    } catch (error) {
      if (!(error instanceof SubgraphCallFailed)) throw error;
      const refused = !error.transient;
      const state: DispatchState = refused ? 'REFUSED' : 'PENDING';
      onAttempt?.(departmentCode, refused ? 'refused' : 'failed');
      await queue.failed(claim, {
        state,
        code: error.code,
        nextAttemptAt: Date.now() + (refused ? backoff.most : backoffAfter(backoff, claim.attempts)),
      });
      if (!this.#stopped.signal.aborted) onFailure({ departmentCode, caseNumber, code: error.code, state });
      return refused || (error.heard && !this.#failsAtAll(departmentCode, caseNumber));
    }
  }
}
