import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { SubgraphError, SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { Endpoint } from '../fetching/endpoints.js';
import { unavailable } from '../fetching/unavailable.js';
import type { Primary } from './primary.js';
import type { UpstreamSockets } from './upstream-sockets.js';

/** What a stream tells. Exactly one of `failed` and `complete` ends it, unless it is released first. */
export interface StreamSink {
  /** @param bytes what the event took on the wire. */
  next(event: SubgraphResponse, cursor: string | undefined, bytes: number): void;
  /** The source has been lost for `resumeForMs`; the stream goes on seeking it only where interruptions are told as a status. */
  interrupted(): void;
  /** It answers again after `interrupted`. */
  restored(): void;
  failed(errors: readonly unknown[]): void;
  complete(): void;
}

/** What is done about a source that is lost. */
export interface LossPolicy {
  /** Milliseconds for which it is sought again before anybody is told. */
  readonly resumeForMs: number;
  /** Whether watchers are then told a status and the source is sought on (`status`), or their streams end (`end`). */
  readonly onLoss: 'end' | 'status';
}

export interface UpstreamStreamOptions extends LossPolicy {
  readonly sockets: UpstreamSockets;
  readonly primary: Primary;
  readonly caller: Caller;
  /** After which event to begin. */
  readonly after: string | undefined;
  /** True when the subgraph is known to answer, so that its absence is an interruption and no refusal. */
  readonly known: boolean;
  /** Where the subgraph answers now; asked again for every attempt, as a department may have moved. */
  readonly locate: () => Endpoint | undefined;
  readonly onLost: () => void;
  readonly sink: StreamSink;
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;
/** Milliseconds a connection must have held to count as one: a source that accepts and drops at once is still lost. */
const SETTLED = 2_000;
/** Refusals of a subgraph that say "not now"; a stream that ran before is sought again. */
const PASSING: ReadonlySet<unknown> = new Set(['INTERNAL_SERVER_ERROR', 'DRAINING', 'SUBGRAPH_UNAVAILABLE', 'DEPARTMENT_UNAVAILABLE']);

/** One subscription at a subgraph, taken up again after the last cursor when its connection is lost: no gap, no repeat. */
export class UpstreamStream implements Disposable {
  readonly #options: UpstreamStreamOptions;
  #release: () => void = () => {};
  #retry: NodeJS.Timeout | undefined;
  #open = true;
  /** Whether the subgraph was ever reached. */
  #reached: boolean;
  #cursor: string | undefined;
  #exact = true;
  #lostAt: number | undefined;
  #interrupted = false;
  #pause = FIRST_PAUSE;
  #url: string | undefined;
  #connectedAt: number | undefined;

  constructor(options: UpstreamStreamOptions) {
    this.#options = options;
    this.#cursor = options.after;
    this.#reached = options.known;
  }

  /** Connects. Apart from the constructor, since a source may tell its sink at once. */
  start(): this {
    this.#connect();
    return this;
  }

  /** The position of the last event, else where it began; undefined where that is not known. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** False once an event has come after `cursor` that had none of its own, such as one whose data is null. */
  get exact(): boolean {
    return this.#exact;
  }

  /** Leaves for the subgraph's new address, if it has moved and the stream can be taken up again there. */
  followMove(): void {
    if (!this.#open || this.#retry !== undefined || this.#cursor === undefined) return;
    const endpoint = this.#options.locate();
    if (endpoint === undefined || endpoint.subscriptionUrl === this.#url) return;
    this.#release();
    this.#connect();
  }

  #connect(): void {
    this.#retry = undefined;
    const { sockets, caller, locate, sink, primary } = this.#options;
    const endpoint = locate();
    if (endpoint === undefined) {
      this.#lost(false);
      return;
    }
    this.#url = endpoint.subscriptionUrl;
    this.#connectedAt = undefined;
    const { query, variables } = primary.after(this.#cursor);
    let current = true;
    const release = sockets.subscribe(
      endpoint,
      caller,
      { query, ...(variables !== undefined && { variables }) },
      {
        next: (event, bytes) => {
          if (current) this.#next(event, bytes);
        },
        connected: () => {
          if (current) this.#connected();
        },
        errors: (errors) => this.#refused(errors),
        complete: () => this.#end(() => sink.complete()),
        lost: (wasConnected) => this.#lost(wasConnected),
      },
    );
    this.#release = () => {
      current = false;
      release();
    };
  }

  #connected(): void {
    if (!this.#open) return;
    this.#reached = true;
    this.#connectedAt = performance.now();
    if (!this.#interrupted) return;
    this.#interrupted = false;
    this.#options.sink.restored();
  }

  #next(event: SubgraphResponse, bytes: number): void {
    if (!this.#open) return;
    if (typeof event !== 'object' || event === null || (typeof event.data !== 'object' && !Array.isArray(event.errors))) {
      // no event at all: what follows can't be trusted either, so the stream is taken up again
      this.#release();
      this.#lost(true);
      return;
    }
    this.#reached = true;
    this.#lostAt = undefined;
    this.#pause = FIRST_PAUSE;
    const cursor = this.#options.primary.cursorOf(event);
    this.#exact = cursor !== undefined;
    this.#cursor = cursor ?? this.#cursor;
    this.#options.sink.next(event, this.#cursor, bytes);
  }

  #refused(errors: readonly SubgraphError[]): void {
    const ran = this.#reached && this.#cursor !== undefined && this.#lostAt !== undefined;
    if (ran && errors.some(({ extensions }) => PASSING.has(extensions?.['code']))) this.#lost(true);
    else this.#end(() => this.#options.sink.failed(errors.map(asFailure)));
  }

  #lost(wasConnected: boolean): void {
    if (!this.#open) return;
    const { primary, sink, resumeForMs, onLoss, onLost } = this.#options;
    const now = performance.now();
    if (this.#connectedAt !== undefined && now - this.#connectedAt > SETTLED) {
      this.#lostAt = undefined;
      this.#pause = FIRST_PAUSE;
    }
    if (wasConnected) {
      this.#reached = true;
      onLost();
    }
    this.#lostAt ??= now;
    const cursor = this.#cursor;
    if (!this.#reached) {
      this.#end(() => sink.failed([unavailable(primary.after(undefined).target)]));
      return;
    }
    const lasts = now - this.#lostAt >= resumeForMs;
    if (cursor === undefined || (lasts && onLoss === 'end')) {
      this.#end(() => sink.failed([upstreamLost(cursor)]));
      return;
    }
    if (lasts && !this.#interrupted) {
      this.#interrupted = true;
      sink.interrupted();
    }
    this.#retry = setTimeout(() => this.#connect(), this.#pause * (0.75 + Math.random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
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
