import { copyJson } from '../execution/merge.js';
import type { SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { EventConsumer, Strand } from './shared-feed.js';
import { SharedResult } from './shared-result.js';

/** One client's end of a subscription. */
export interface Watcher {
  /** The operation it watches now; kept by that operation. */
  operation?: LiveOperation | undefined;
  /** True while what it was given is not taken yet. It calls `ready` of its operation when that is over. */
  readonly congested: boolean;
  /** What has become ready together, in order. The list is the same for all watchers. */
  next(results: readonly SharedResult[]): void;
  /** The stream has ended: with errors, or complete. Nothing follows. */
  end(errors?: readonly unknown[]): void;
  /** It has taken nothing for too long; it is closed with a word that it may come back. */
  tooSlow(): void;
}

/** Makes results of events; replaced when the supergraph changes. Never rejects because of what a subgraph did. */
export interface EventCompleter {
  /** Takes ownership of the event. */
  complete(event: SubgraphResponse, signal: AbortSignal): Promise<string>;
}

export interface LiveOperationOptions {
  completer: EventCompleter;
  /** Events that may wait for their completion, or for watchers. */
  readonly pendingLimit: number;
  /** Their bytes. */
  readonly pendingBytes: number;
  /** Milliseconds for which watchers that are all congested are waited for. */
  readonly stallMs: number;
  /** Milliseconds one event's completion may take; what is missing then is told in its result. */
  readonly completionMs: number;
  readonly tooSlow: () => unknown;
  /** As many events wait as may. True when the operation was taken off its strand, to be put on one again when there is room. */
  readonly onFull: (operation: LiveOperation, cursor: string | undefined) => boolean;
  /** There is room again for an operation that was taken off its strand. */
  readonly onRoom: (operation: LiveOperation, cursor: string | undefined) => void;
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
  bytes: number;
  result: SharedResult | undefined;
  started: boolean;
}

/** Completions of one operation that run at the same time; their results still come in order. */
const CONCURRENT = 8;
/** Results and characters given in one go: after them it is looked whether watchers take more. */
const BATCH = 64;
const BATCH_SIZE = 262_144;

/**
 * One operation of one viewer, whoever watches it: each event is completed once, written once, and given to all
 * watchers in the order of events. One event that takes long holds up what follows it here, and nothing elsewhere.
 *
 * Stored events come in a burst, faster than they are completed or read. While all watchers have enough to read, the
 * operation waits for them; and with as many events as may wait, it leaves its strand and comes back to one at the cursor
 * it has come to. So whoever reads gets everything, at their pace, and costs no more than the limits. A watcher that
 * others need not wait for is closed when its own queue is full, and all of them when they take nothing for too long.
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
  /** The cursor of the last event that came. */
  #receivedCursor: string | undefined;
  #bytes = 0;
  /** Taken off its strand until there is room. */
  #away = false;
  /** Runs while all watchers are waited for. */
  #stall: NodeJS.Timeout | undefined;

  /** Listens to the strand from here on. */
  constructor(strand: Strand, options: LiveOperationOptions) {
    this.#options = options;
    this.strand = strand;
    this.#received = strand.sequence;
    this.#delivered = strand.sequence;
    this.#cursor = strand.cursor;
    this.#receivedCursor = strand.cursor;
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

  /** After which event it would have to be taken up. */
  get receivedCursor(): string | undefined {
    return this.#away ? this.#receivedCursor : this.strand.cursor;
  }

  /** True while it listens to no strand. */
  get away(): boolean {
    return this.#away;
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
    this.ready();
    if (after === this.#delivered) this.watchers.add(watcher);
    else this.#late.push({ watcher, after });
  }

  remove(watcher: Watcher): void {
    watcher.operation = undefined;
    if (!this.watchers.delete(watcher)) this.#late = this.#late.filter((late) => late.watcher !== watcher);
    if (this.size === 0) this.#close();
    // whoever is left may have waited for nobody else
    else this.ready();
  }

  receive(event: SubgraphResponse, cursor: string | undefined, bytes: number): void {
    if (this.#ending !== undefined || this.#away) return;
    const { pendingLimit, pendingBytes, onFull } = this.#options;
    if (this.#queue.length >= pendingLimit || (this.#queue.length > 0 && this.#bytes + bytes > pendingBytes)) {
      // this event is not taken; it comes again after the one before it
      if (onFull(this, this.#receivedCursor)) this.#away = true;
      // told when what was taken has been given out, so that it names the last cursor
      else this.#end((watcher) => watcher.end([this.#options.tooSlow()]));
      return;
    }
    this.#received++;
    this.#receivedCursor = cursor ?? this.#receivedCursor;
    this.#bytes += bytes;
    // other operations complete the same event; executing takes it over
    const own = this.strand.consumers.size > 1 ? copyJson(event) : event;
    const pending: PendingEvent = { event: own, cursor, at: performance.now(), bytes, result: undefined, started: false };
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
      const json = await completer.complete(pending.event, giveUp.signal);
      pending.result = new SharedResult(json, pending.cursor);
      this.#bytes += json.length - pending.bytes;
      pending.bytes = json.length;
    } catch (error) {
      if (!this.#closed) {
        // without it there is no going on in order
        this.#drop();
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
    if (this.#scheduled || this.#stall !== undefined || this.#closed || this.#queue[0]?.result === undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#deliver();
    });
  }

  #deliver(): void {
    let given = 0;
    while (!this.#closed && this.#queue[0]?.result !== undefined) {
      // sockets send between two turns
      if (given >= BATCH || this.#waitsForWatchers()) break;
      const ready: PendingEvent[] = [];
      // whoever came late gets nothing from before, so no batch goes past the event one of them begins after
      const until = Math.min(...this.#late.map(({ after }) => after - this.#delivered), BATCH);
      for (let size = 0; ready.length < until && size < BATCH_SIZE; ) {
        const next = this.#queue[ready.length];
        if (next?.result === undefined) break;
        ready.push(next);
        size += next.bytes;
        this.#bytes -= next.bytes;
      }
      this.#queue.splice(0, ready.length);
      given += ready.length;
      this.#delivered += ready.length;
      this.#cursor = ready.findLast(({ cursor }) => cursor !== undefined)?.cursor ?? this.#cursor;
      this.#give(ready.map(({ result }) => result as SharedResult));
      this.#options.onDelivered(this.watchers.size * ready.length, performance.now() - (ready[0]?.at ?? 0));
      this.#promoteLate();
      this.onDelivered?.();
    }
    if (this.#closed) return;
    if (this.#away && this.#queue.length <= this.#options.pendingLimit / 4 && !this.over) this.#options.onRoom(this, this.#receivedCursor);
    if (this.#queue.length === 0 && this.#ending !== undefined) this.#finish(this.#ending);
    else this.#deliverSoon();
  }

  /** True while nobody takes more, so that nobody is held up by waiting. */
  #waitsForWatchers(): boolean {
    if (this.#stall !== undefined) return true;
    if (this.#late.length > 0 || this.watchers.size === 0) return false;
    for (const watcher of this.watchers) if (!watcher.congested) return false;
    this.#stall = setTimeout(() => this.#stalled(), this.#options.stallMs);
    return true;
  }

  /** A watcher has taken what it was given. */
  ready(): void {
    if (this.#stall === undefined) return;
    clearTimeout(this.#stall);
    this.#stall = undefined;
    this.#deliverSoon();
  }

  #stalled(): void {
    this.#stall = undefined;
    const stalled = [...this.watchers].filter(({ congested }) => congested);
    for (const watcher of stalled) watcher.tooSlow();
    this.#deliverSoon();
  }

  #drop(): void {
    this.#queue.length = 0;
    this.#bytes = 0;
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
    this.#away = false;
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
    this.#drop();
    clearTimeout(this.#stall);
    this.#stall = undefined;
    for (const controller of this.#underWay) controller.abort();
    if (!left) this.#options.onLeave(this);
    this.#options.onClose(this);
  }
}

function status(state: 'INTERRUPTED' | 'RESTORED', cursor: string | undefined): string {
  return JSON.stringify({ data: null, extensions: { live: { state, ...(cursor !== undefined && { cursor }) } } });
}
