import { copyJson } from '../execution/merge.js';
import type { SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { EventConsumer, Strand } from './shared-feed.js';
import { SharedResult } from './shared-result.js';

/** One client's end of a subscription. */
export interface Watcher {
  /** The operation it watches now; kept by that operation. */
  operation?: LiveOperation | undefined;
  /** What has become ready together, in order. The list is the same for all watchers. */
  next(results: readonly SharedResult[]): void;
  /** The stream has ended: with errors, or complete. Nothing follows. */
  end(errors?: readonly unknown[]): void;
}

/** Makes results of events; replaced when the supergraph changes. Never rejects because of what a subgraph did. */
export interface EventCompleter {
  /** Takes ownership of the event. */
  complete(event: SubgraphResponse, signal: AbortSignal): Promise<string>;
}

export interface LiveOperationOptions {
  completer: EventCompleter;
  /** Events that may wait for their completion. */
  readonly pendingLimit: number;
  /** Milliseconds one event's completion may take; what is missing then is told in its result. */
  readonly completionMs: number;
  readonly tooSlow: () => unknown;
  readonly onDelivered: (watchers: number, lagMs: number) => void;
  /** The completion failed for a reason of ours. Returns what watchers are told. */
  readonly onAccident: (error: unknown) => unknown;
  /** It listens to its strand no more: nobody watches, or the stream ends. */
  readonly onLeave: (operation: LiveOperation) => void;
  /** It is over: everybody has been told. */
  readonly onClose: (operation: LiveOperation) => void;
  readonly onMoved: (operation: LiveOperation, from: Strand, to: Strand) => void;
}

interface PendingEvent {
  readonly event: SubgraphResponse;
  readonly cursor: string | undefined;
  readonly at: number;
  result: SharedResult | undefined;
  started: boolean;
}

/** Completions of one operation that run at the same time; their results still come in order. */
const CONCURRENT = 8;

/**
 * One operation of one viewer, whoever watches it: each event is completed once, written once, and given to all
 * watchers in the order of events. One event that takes long holds up what follows it here, and nothing elsewhere.
 */
export class LiveOperation implements EventConsumer {
  readonly watchers = new Set<Watcher>();
  readonly #options: LiveOperationOptions;
  readonly #queue: PendingEvent[] = [];
  readonly #underWay = new Set<AbortController>();
  /** Who came while events were under way that are not theirs, and after which event they begin. */
  #late: { readonly watcher: Watcher; readonly after: number }[] = [];
  strand: Strand;
  /** The number of the last event that came, and of the last that was given to watchers; as the strand counts. */
  #received: number;
  #delivered: number;
  #running = 0;
  #scheduled = false;
  #closed = false;
  /** Set once no more events are taken; how watchers are told when what was taken is delivered. */
  #ending: ((watcher: Watcher) => void) | undefined;
  #cursor: string | undefined;

  /** Listens to the strand from here on. */
  constructor(strand: Strand, options: LiveOperationOptions) {
    this.#options = options;
    this.strand = strand;
    this.#received = strand.sequence;
    this.#delivered = strand.sequence;
    this.#cursor = strand.cursor;
    strand.consumers.add(this);
  }

  get size(): number {
    return this.watchers.size + this.#late.length;
  }

  get pending(): number {
    return this.#queue.length;
  }

  /** Where watchers are: the position of the last result. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  set completer(completer: EventCompleter) {
    this.#options.completer = completer;
  }

  /** Gives the watcher every event that comes from here on. */
  add(watcher: Watcher): void {
    this.#addAfter(watcher, this.#received);
  }

  #addAfter(watcher: Watcher, after: number): void {
    watcher.operation = this;
    if (after === this.#delivered) this.watchers.add(watcher);
    else this.#late.push({ watcher, after });
  }

  remove(watcher: Watcher): void {
    watcher.operation = undefined;
    if (!this.watchers.delete(watcher)) this.#late = this.#late.filter((late) => late.watcher !== watcher);
    if (this.size === 0) this.#close();
  }

  receive(event: SubgraphResponse, cursor: string | undefined): void {
    if (this.#ending !== undefined) return;
    this.#received++;
    if (this.#queue.length >= this.#options.pendingLimit) {
      // told when what was taken has been given out, so that it names the last cursor
      this.#end((watcher) => watcher.end([this.#options.tooSlow()]));
      return;
    }
    // other operations complete the same event; executing takes it over
    const own = this.strand.consumers.size > 1 ? copyJson(event) : event;
    const pending: PendingEvent = { event: own, cursor, at: performance.now(), result: undefined, started: false };
    this.#queue.push(pending);
    if (this.#running < CONCURRENT) void this.#complete(pending);
  }

  async #complete(pending: PendingEvent): Promise<void> {
    const { completer, completionMs, onAccident } = this.#options;
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), completionMs);
    pending.started = true;
    this.#running++;
    this.#underWay.add(giveUp);
    try {
      pending.result = new SharedResult(await completer.complete(pending.event, giveUp.signal), pending.cursor);
    } catch (error) {
      if (!this.#closed) {
        // without it there is no going on in order
        this.#queue.length = 0;
        this.failed([onAccident(error)]);
      }
    } finally {
      clearTimeout(timer);
      this.#underWay.delete(giveUp);
      this.#running--;
    }
    this.#deliverSoon();
  }

  /**
   * Gives out what is ready, at the end of this turn of the event loop: events that came in one go are given in one go,
   * and a client that gets five results costs one write.
   */
  #deliverSoon(): void {
    for (const pending of this.#queue) {
      if (this.#running >= CONCURRENT) break;
      if (!pending.started) void this.#complete(pending);
    }
    if (this.#scheduled || this.#closed || this.#queue[0]?.result === undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    while (!this.#closed && this.#queue[0]?.result !== undefined) {
      const ready: PendingEvent[] = [];
      // whoever came late gets nothing from before, so no batch goes past the event one of them begins after
      const until = Math.min(...this.#late.map(({ after }) => after), Number.POSITIVE_INFINITY) - this.#delivered;
      while (ready.length < until && this.#queue[ready.length]?.result !== undefined) ready.push(this.#queue[ready.length] as PendingEvent);
      this.#queue.splice(0, ready.length);
      this.#delivered += ready.length;
      this.#cursor = ready.findLast(({ cursor }) => cursor !== undefined)?.cursor ?? this.#cursor;
      this.#give(ready.map(({ result }) => result as SharedResult));
      this.#options.onDelivered(this.watchers.size * ready.length, performance.now() - (ready[0]?.at ?? 0));
      this.#promoteLate();
      this.onDelivered?.();
    }
    if (this.#closed) return;
    if (this.#queue.length === 0 && this.#ending !== undefined) this.#finish(this.#ending);
    else this.#deliverSoon();
  }

  #give(results: readonly SharedResult[]): void {
    for (const watcher of this.watchers) watcher.next(results);
  }

  #promoteLate(): void {
    if (this.#late.length === 0) return;
    const due = this.#late.filter(({ after }) => after <= this.#delivered);
    this.#late = this.#late.filter(({ after }) => after > this.#delivered);
    for (const { watcher } of due) this.watchers.add(watcher);
  }

  /** Set while this operation waits to be taken in by another that does the same. */
  onDelivered: (() => void) | undefined;

  /** Takes over the watchers of an operation on the same strand that does the same, once it has come as far. False when it must wait. */
  absorb(other: LiveOperation): boolean {
    if (this.over || other.over) return true;
    if (this.#delivered > other.#delivered) return false;
    for (const watcher of other.watchers) this.#addAfter(watcher, other.#delivered);
    for (const { watcher, after } of other.#late) this.#addAfter(watcher, after);
    other.watchers.clear();
    other.#late = [];
    other.#close();
    return true;
  }

  /** No more events are taken. */
  get over(): boolean {
    return this.#closed || this.#ending !== undefined;
  }

  moved(from: Strand, to: Strand): void {
    this.listenTo(to);
    this.#options.onMoved(this, from, to);
  }

  /** Goes on with another strand that is as far as the present one. */
  listenTo(to: Strand): void {
    const shift = to.sequence - this.#received;
    this.#received += shift;
    this.#delivered += shift;
    this.#late = this.#late.map(({ watcher, after }) => ({ watcher, after: after + shift }));
    this.strand = to;
  }

  /** Sends everybody something that is no event. */
  announce(json: string): void {
    const results = [new SharedResult(json, undefined)];
    this.#give(results);
    for (const { watcher } of this.#late) watcher.next(results);
  }

  interrupted(): void {
    this.announce(status('INTERRUPTED', this.#cursor));
  }

  restored(): void {
    this.announce(status('RESTORED', this.#cursor));
  }

  /** What came before is still delivered. */
  failed(errors: readonly unknown[]): void {
    this.#end((watcher) => watcher.end(errors));
  }

  complete(): void {
    this.#end((watcher) => watcher.end());
  }

  #end(tell: (watcher: Watcher) => void): void {
    if (this.over) return;
    this.#ending = tell;
    this.#options.onLeave(this);
    if (this.#queue.length === 0) this.#finish(tell);
  }

  #finish(tell: (watcher: Watcher) => void): void {
    const everybody = [...this.watchers, ...this.#late.map(({ watcher }) => watcher)];
    this.watchers.clear();
    this.#late = [];
    this.#close();
    for (const watcher of everybody) {
      watcher.operation = undefined;
      tell(watcher);
    }
  }

  /** Leaves the strand and tells nobody. */
  abandon(): void {
    this.watchers.clear();
    this.#late = [];
    this.#close();
  }

  #close(): void {
    if (this.#closed) return;
    const left = this.#ending !== undefined;
    this.#closed = true;
    this.#queue.length = 0;
    for (const controller of this.#underWay) controller.abort();
    if (!left) this.#options.onLeave(this);
    this.#options.onClose(this);
  }
}

function status(state: 'INTERRUPTED' | 'RESTORED', cursor: string | undefined): string {
  return JSON.stringify({ data: null, extensions: { live: { state, ...(cursor !== undefined && { cursor }) } } });
}
