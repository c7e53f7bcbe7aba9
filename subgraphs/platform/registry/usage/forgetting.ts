import type { Logger } from 'pino';
import type { Store } from '../../../kit/store/open-store.js';
import { forgetUnused } from './record-usage.js';

const DAY = 86_400_000;

export interface ForgettingOptions {
  readonly store: Store;
  /** Since when a use counts. */
  readonly usedSince: () => Date;
  readonly log: Logger;
  /** Milliseconds between two rounds; a day when left out. */
  readonly intervalMs?: number;
}

/** Forgets the operations that no client runs any more, now and once a day, so that the store does not grow without end. */
export function keepForgetting({ store, usedSince, log, intervalMs = DAY }: ForgettingOptions): AsyncDisposable {
  const forget = () =>
    forgetUnused(store, usedSince()).catch((error: unknown) => log.error({ err: error }, 'unused operations could not be forgotten'));
  let round = forget();
  const timer = setInterval(() => {
    round = round.then(forget);
  }, intervalMs);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await round;
    },
  };
}
