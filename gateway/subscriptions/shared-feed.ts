import type { SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { StreamSink } from './upstream-stream.js';

/** Takes the events of one strand. */
export interface EventConsumer {
  /** The event is shared by every consumer: it must be copied before it is changed. */
  receive(event: SubgraphResponse, cursor: string | undefined, bytes: number): void;
  /** From now on events come from another strand, which has come as far as this one. */
  moved(from: Strand, to: Strand): void;
  interrupted(): void;
  restored(): void;
  failed(errors: readonly unknown[]): void;
  complete(): void;
}

/** What a feed needs of {@link UpstreamStream}. */
export interface FeedStream extends Disposable {
  readonly cursor: string | undefined;
  /** Whether it stands right at its cursor: an event without one may have come after it. */
  readonly exact: boolean;
  start(): unknown;
  followMove(): void;
}

/** Milliseconds for which an event is of the present: far less than the youngest age at which a feed gives one up. */
const RECENTLY = 10 * 60_000;

export type OpenStream = (after: string | undefined, sink: StreamSink) => FeedStream;

/** One upstream subscription and who listens to it. */
export class Strand {
  readonly consumers = new Set<EventConsumer>();
  /** How many events have come. */
  sequence = 0;
  started = false;
  /** Whether it began where a stream without a given start begins, or has met one that did. */
  live = false;
  stream!: FeedStream;

  /** The last event's, or where it began. */
  get cursor(): string | undefined {
    return this.stream.cursor;
  }

  isAt(cursor: string | undefined): boolean {
    return cursor !== undefined && this.stream.exact && this.stream.cursor === cursor;
  }
}

/**
 * One stream of events at one subgraph, whoever watches it. Its main strand is as far as the subgraph is. A watcher that
 * resumes from an older event gets a strand of its own, begun there; both bring the same events in the same order, so the
 * one behind meets the main one at some event, and at that event its watchers go over: no gap, no repeat, and cursors stay
 * opaque. Two strands at the same event are told by their equal cursors.
 */
export class SharedFeed {
  readonly #open: OpenStream;
  readonly #askStart: (() => Promise<string | undefined>) | undefined;
  readonly #onIdle: () => void;
  readonly #behind = new Set<Strand>();
  #main: Strand | undefined;
  #joining = 0;
  #asking: Promise<string | undefined> | undefined;
  /** Where the subgraph said that the stream begins. */
  #told: string | undefined;
  /** Cursors of the events that came while the subgraph was asked. */
  readonly #cameMeanwhile = new Set<string>();
  /** Whether a stream without a given start begins at the present; false until it shows. */
  #beginsNow = false;
  #cameAt = Number.NEGATIVE_INFINITY;

  /**
   * @param askStart asks the subgraph where the stream would begin without a given start; absent, it begins at the present.
   * @param onIdle called when the last consumer has left.
   */
  constructor(open: OpenStream, askStart: (() => Promise<string | undefined>) | undefined, onIdle: () => void) {
    this.#open = open;
    this.#askStart = askStart;
    this.#onIdle = onIdle;
  }

  get strands(): number {
    return this.#behind.size + (this.#main === undefined ? 0 : 1);
  }

  /**
   * Calls `attach` with the strand that brings what comes after `after`, or what comes without a given start; it adds
   * its consumer there and then, or nothing when it is needed no more. Rejects with why the subgraph did not say where to start.
   */
  async join(after: string | undefined, attach: (strand: Strand) => void): Promise<void> {
    this.#joining++;
    try {
      if (after !== undefined) this.#joinAt(after, attach);
      else await this.#joinWithoutStart(attach);
    } finally {
      this.#joining--;
      this.#checkIdle();
    }
  }

  async #joinWithoutStart(attach: (strand: Strand) => void): Promise<void> {
    if (this.#askStart === undefined || (this.#beginsNow && this.#live !== undefined)) {
      this.#attach(this.#live ?? this.#begin(undefined), attach, true);
      return;
    }
    this.#asking ??= this.#ask(this.#askStart);
    const start = await this.#asking;
    if (start === undefined) this.#attach(this.#live ?? this.#begin(undefined), attach, true);
    else this.#joinAt(start, attach, true);
  }

  /** A strand that is no replay of the past for whoever comes without a given start. */
  get #live(): Strand | undefined {
    return this.#all.find(({ live }) => live);
  }

  get #all(): Strand[] {
    return [...(this.#main === undefined ? [] : [this.#main]), ...this.#behind];
  }

  async #ask(askStart: () => Promise<string | undefined>): Promise<string | undefined> {
    // the oldest event that is kept moves, too, but never to one that has just come
    if (this.#main?.cursor !== undefined && performance.now() - this.#cameAt < RECENTLY) this.#cameMeanwhile.add(this.#main.cursor);
    try {
      const start = await askStart();
      if (start === undefined) return undefined;
      if (this.#told !== undefined && this.#told !== start && this.#cameMeanwhile.has(start)) this.#beginsNow = true;
      this.#told = start;
      return start;
    } finally {
      this.#asking = undefined;
      this.#cameMeanwhile.clear();
    }
  }

  #joinAt(after: string, attach: (strand: Strand) => void, live = false): void {
    this.#attach(this.#all.find((strand) => strand.isAt(after)) ?? this.#begin(after), attach, live);
  }

  #attach(strand: Strand, attach: (strand: Strand) => void, live: boolean): void {
    strand.live ||= live;
    attach(strand);
    if (strand.consumers.size === 0) {
      // whoever it was for has left meanwhile
      this.#forget(strand);
      strand.stream[Symbol.dispose]();
      return;
    }
    if (strand.started) return;
    strand.started = true;
    // a source may tell at once, so whoever listens is there before it starts
    strand.stream.start();
  }

  #begin(after: string | undefined): Strand {
    const strand = new Strand();
    if (this.#main === undefined) this.#main = strand;
    else this.#behind.add(strand);
    strand.stream = this.#open(after, {
      next: (event, cursor, bytes) => this.#next(strand, event, cursor, bytes),
      interrupted: () => strand.consumers.forEach((consumer) => consumer.interrupted()),
      restored: () => strand.consumers.forEach((consumer) => consumer.restored()),
      failed: (errors) => this.#end(strand, (consumer) => consumer.failed(errors)),
      complete: () => this.#end(strand, (consumer) => consumer.complete()),
    });
    return strand;
  }

  #next(strand: Strand, event: SubgraphResponse, cursor: string | undefined, bytes: number): void {
    strand.sequence++;
    if (strand === this.#main) {
      this.#cameAt = performance.now();
      if (this.#asking !== undefined && cursor !== undefined) this.#cameMeanwhile.add(cursor);
    }
    for (const consumer of strand.consumers) consumer.receive(event, cursor, bytes);
    if (cursor === undefined || this.#behind.size === 0) return;
    if (strand !== this.#main) {
      if (strand.isAt(cursor) && this.#main?.isAt(cursor) === true) this.#merge(strand, this.#main);
    } else if (strand.isAt(cursor)) {
      for (const behind of this.#behind) if (behind.isAt(cursor)) this.#merge(behind, strand);
    }
  }

  #merge(behind: Strand, main: Strand): void {
    this.#forget(behind);
    behind.stream[Symbol.dispose]();
    main.live ||= behind.live;
    for (const consumer of behind.consumers) {
      main.consumers.add(consumer);
      consumer.moved(behind, main);
    }
    behind.consumers.clear();
  }

  /** Somebody who listened leaves; with the last one the upstream is released at once. */
  leave(strand: Strand, consumer: EventConsumer): void {
    if (!strand.consumers.delete(consumer) || strand.consumers.size > 0) return;
    this.#forget(strand);
    strand.stream[Symbol.dispose]();
    this.#checkIdle();
  }

  #end(strand: Strand, tell: (consumer: EventConsumer) => void): void {
    this.#forget(strand);
    const consumers = [...strand.consumers];
    strand.consumers.clear();
    for (const consumer of consumers) tell(consumer);
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.strands === 0 && this.#joining === 0) this.#onIdle();
  }

  #forget(strand: Strand): void {
    if (this.#behind.delete(strand) || this.#main !== strand) return;
    // whoever is behind will be as far as the subgraph is, too
    [this.#main] = this.#behind;
    if (this.#main !== undefined) this.#behind.delete(this.#main);
  }

  /** Goes to the subgraph's new address where it has moved. */
  followMove(): void {
    this.#main?.stream.followMove();
    for (const strand of this.#behind) strand.stream.followMove();
  }
}
