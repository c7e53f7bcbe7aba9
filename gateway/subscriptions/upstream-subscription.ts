import type { GraphQLSchema } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { SubgraphError, SubgraphFetch, SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { Endpoint } from '../fetching/endpoints.js';
import { unavailable } from '../fetching/unavailable.js';
import { type Resumption, resumptionOf } from './resumption.js';
import type { UpstreamSockets } from './upstream-sockets.js';

/** What a subscription's source tells. Exactly one of `failed` and `complete` ends it, unless it is released first. */
export interface EventSink {
  next(event: SubgraphResponse): void;
  failed(errors: readonly unknown[]): void;
  complete(): void;
}

export interface UpstreamSubscriptionOptions {
  readonly sockets: UpstreamSockets;
  readonly primary: SubgraphFetch;
  readonly schema: GraphQLSchema;
  readonly caller: Caller;
  /** Where the subgraph answers now; asked again for every attempt, as a department may have moved. */
  readonly locate: () => Endpoint | undefined;
  readonly sink: EventSink;
  /** Milliseconds for which a lost upstream is sought again. */
  readonly resumeForMs: number;
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

/** One subscription at a subgraph, taken up again after the last cursor when its connection is lost: no gap, no repeat. */
export class UpstreamSubscription implements Disposable {
  readonly #options: UpstreamSubscriptionOptions;
  readonly #resumption: Resumption | undefined;
  #release: () => void = () => {};
  #retry: NodeJS.Timeout | undefined;
  #open = true;
  /** Whether the subgraph was ever reached. */
  #reached = false;
  #cursor: string | undefined;
  #lostAt: number | undefined;
  #pause = FIRST_PAUSE;

  constructor(options: UpstreamSubscriptionOptions) {
    this.#options = options;
    this.#resumption = resumptionOf(options.primary, options.schema);
    this.#cursor = this.#resumption?.startedAfter;
  }

  /** Connects. Apart from the constructor, since a source may tell its sink at once. */
  start(): this {
    this.#connect(this.#options.primary);
    return this;
  }

  /** The position of the last event, where events have one. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  #connect(fetch: SubgraphFetch): void {
    const { sockets, caller, locate, sink } = this.#options;
    const endpoint = locate();
    if (endpoint === undefined) {
      this.#lost(false);
      return;
    }
    const { query, variables, operationName } = fetch;
    this.#release = sockets.subscribe(
      endpoint,
      caller,
      { query, ...(variables !== undefined && { variables }), ...(operationName !== undefined && { operationName }) },
      {
        next: (event) => this.#next(event),
        errors: (errors) => this.#end(() => sink.failed(errors.map(asFailure))),
        complete: () => this.#end(() => sink.complete()),
        lost: (wasConnected) => this.#lost(wasConnected),
      },
    );
  }

  #next(event: SubgraphResponse): void {
    if (!this.#open) return;
    this.#reached = true;
    this.#lostAt = undefined;
    this.#pause = FIRST_PAUSE;
    this.#cursor = this.#resumption?.cursorOf(event) ?? this.#cursor;
    this.#options.sink.next(event);
  }

  #lost(wasConnected: boolean): void {
    if (!this.#open) return;
    const { primary, sink, resumeForMs } = this.#options;
    if (wasConnected) {
      this.#reached = true;
      this.#lostAt = undefined;
    }
    this.#lostAt ??= performance.now();
    const cursor = this.#cursor;
    if (!this.#reached) {
      this.#end(() => sink.failed([unavailable(primary.target)]));
    } else if (this.#resumption === undefined || cursor === undefined || performance.now() - this.#lostAt >= resumeForMs) {
      this.#end(() => sink.failed([upstreamLost(cursor)]));
    } else {
      const resumed = this.#resumption.after(cursor);
      this.#retry = setTimeout(() => this.#connect(resumed), this.#pause);
      this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
    }
  }

  #end(tell: () => void): void {
    if (!this.#open) return;
    this[Symbol.dispose]();
    tell();
  }

  /** Releases the upstream at once; the sink hears nothing more. */
  [Symbol.dispose](): void {
    this.#open = false;
    clearTimeout(this.#retry);
    this.#release();
  }
}

function upstreamLost(cursor: string | undefined): CataloguedError {
  return new CataloguedError('SUBSCRIPTION_UPSTREAM_LOST', 'the source of the events was lost; subscribe again with the last cursor', {
    ...(cursor !== undefined && { cursor }),
  });
}

function asFailure({ message, extensions }: SubgraphError): { message: string; extensions: Readonly<Record<string, unknown>> } {
  return { message: message ?? 'the subgraph refused the subscription', extensions: extensions ?? {} };
}
