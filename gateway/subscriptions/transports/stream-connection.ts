import type { ServerResponse } from 'node:http';
import type { CloseReason, LiveMetrics } from '../live-metrics.js';
import type { Watcher } from '../live-operation.js';
import { SharedResult } from '../shared-result.js';
import type { Subscription } from '../subscription-engine.js';
import { emptyShare, Outbox, type OutboxLimits, type OutboxShare } from './outbox.js';
import type { StreamFormat } from './stream-formats.js';

export interface StreamConnectionOptions {
  readonly response: ServerResponse;
  readonly format: StreamFormat;
  readonly limits: OutboxLimits;
  readonly metrics: LiveMetrics;
  readonly headers: Readonly<Record<string, string>>;
  /** What is told of errors. */
  readonly told: (errors: readonly unknown[]) => readonly unknown[];
  readonly onClosed: () => void;
}

/** Milliseconds in which a client that reads slowly may still take the end of its stream. */
const CLOSE_PATIENCE = 2_000;

/** One subscription over one HTTP response. */
export class StreamConnection implements Watcher {
  operation: Watcher['operation'];
  readonly #options: StreamConnectionOptions;
  readonly #outbox: Outbox;
  readonly #share: OutboxShare = emptyShare();
  #reason: CloseReason = 'client';
  #open = true;
  subscription: Subscription | undefined;

  constructor(options: StreamConnectionOptions) {
    this.#options = options;
    const { response, format, limits, metrics, headers } = options;
    this.#outbox = new Outbox(
      response,
      limits,
      () => this.close('slow'),
      (change) => {
        metrics.queued += change;
      },
    );
    metrics.opened(format.protocol);
    response.writeHead(200, {
      ...headers,
      'content-type': format.contentType,
      'cache-control': 'no-cache, no-transform',
      // nginx would keep events back until its buffer is full
      'x-accel-buffering': 'no',
    });
    response.on('drain', () => {
      this.#outbox.drained();
      if (!this.#outbox.congested) this.operation?.ready();
    });
    response.once('close', () => {
      this.#open = false;
      this.#outbox.close();
      this.subscription?.leave();
      metrics.closed(format.protocol, this.#reason);
      options.onClosed();
    });
    response.on('error', () => {});
    this.#outbox.send(format.opening);
  }

  get congested(): boolean {
    return this.#outbox.congested;
  }

  tooSlow(): void {
    this.close('slow');
  }

  heartbeat(): void {
    // one that waits to be read is alive enough, or dead and noticed by its queue
    if (this.#open && this.#outbox.waiting === 0) this.#outbox.send(this.#options.format.heartbeat);
  }

  next(results: readonly SharedResult[]): void {
    if (!this.#open) return;
    let parts = '';
    for (const result of results) parts += this.#options.format.result(result);
    this.#outbox.send(parts, this.#share, results.length);
  }

  /** One result that is no event: the answer to a query or mutation. */
  answer(json: string): void {
    this.next([new SharedResult(json, undefined)]);
    this.end();
  }

  end(errors?: readonly unknown[]): void {
    if (!this.#open) return;
    const { format, told } = this.#options;
    this.#reason = 'ended';
    if (errors !== undefined) this.#outbox.send(format.errors(told(errors)));
    this.#outbox.send(format.closing);
    this.#finish();
  }

  /** Ends the response without saying that the stream is complete: the client comes back and resumes. */
  close(reason: CloseReason): void {
    if (!this.#open) return;
    this.#reason = reason;
    this.#outbox.close();
    this.#finish();
  }

  #finish(): void {
    const { response } = this.#options;
    this.#open = false;
    this.subscription?.leave();
    if (this.#outbox.waiting > 0) {
      // what waits goes out first
      response.on('drain', () => {
        if (this.#outbox.waiting === 0) response.end();
      });
    } else response.end();
    const impatience = setTimeout(() => response.destroy(), CLOSE_PATIENCE);
    response.once('close', () => clearTimeout(impatience));
  }
}
