import { randomUUID } from 'node:crypto';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { AddressTurn } from '../../subgraphs/kit/server/address-list.js';
import type { Logger } from '../observability/logger.js';
import type { CountedOperation, UsageCounter } from './usage-counter.js';

const MUTATION = /* GraphQL */ `
  mutation ReportUsage($operations: [OperationUsageInput!]!) {
    reportUsage(operations: $operations) { taken }
  }
`;
/** Operations in one message. */
const BATCH = 200;
/** Milliseconds. */
const TIMEOUT = 5_000;

export interface UsageReporterOptions {
  /** The registry subgraph's own endpoint, or those of its instances with commas. */
  readonly url: string;
  readonly counter: UsageCounter;
  readonly logger: Logger;
  readonly internalTokens?: InternalTokens | undefined;
  /** Milliseconds between two reports. */
  readonly intervalMs: number;
  /** Milliseconds for one message; 5,000 by default. */
  readonly timeoutMs?: number | undefined;
}

/** Tells the registry what clients use. A report that does not arrive is lost, and nothing else: requests never wait for it. */
export class UsageReporter implements AsyncDisposable {
  readonly #options: UsageReporterOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #turn = new AddressTurn();
  #last: Promise<void> = Promise.resolve();
  #sending = false;

  constructor(options: UsageReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      // one that takes long is not followed by others that wait for it
      if (!this.#sending) void this.report();
    }, options.intervalMs);
    this.#timer.unref();
  }

  /** Sends what was counted since the last report. Never rejects. */
  report(): Promise<void> {
    this.#last = this.#last.then(async () => {
      this.#sending = true;
      const counted = this.#options.counter.take();
      for (let start = 0; start < counted.length; start += BATCH) {
        // what follows would not arrive either, and each message takes its time
        if (!(await this.#send(counted.slice(start, start + BATCH)))) break;
      }
      this.#sending = false;
    });
    return this.#last;
  }

  /** @returns whether it arrived */
  async #send(operations: readonly CountedOperation[]): Promise<boolean> {
    const { url, internalTokens, logger, timeoutMs = TIMEOUT } = this.#options;
    try {
      const requestId = randomUUID();
      const authorization = await internalTokens?.authorization('registry', { subject: 'gateway', roles: ['platform'], requestId });
      const response = await fetch(this.#turn.of(url), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json',
          'x-request-id': requestId,
          ...(authorization !== undefined && { authorization }),
        },
        body: JSON.stringify({ query: MUTATION, variables: { operations } }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const { errors } = (await response.json()) as { errors?: { message?: string }[] };
      if (errors !== undefined) throw new Error(errors[0]?.message ?? `HTTP ${response.status}`);
      return true;
    } catch (error) {
      this.#turn.next();
      logger.debug({ err: error, operations: operations.length }, 'a usage report was lost');
      return false;
    }
  }

  /** Sends what is left, once. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.report();
  }
}
