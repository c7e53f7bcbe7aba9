import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SubgraphResponse } from '../../../gateway/execution/subgraph-fetch.js';
import { type EventConsumer, type FeedStream, SharedFeed, type Strand } from '../../../gateway/subscriptions/shared-feed.js';
import type { StreamSink } from '../../../gateway/subscriptions/upstream-stream.js';

/** A source with any number of readers, each of which is given its next event when the test says so. */
class Source {
  readonly events: string[] = [];
  readonly readers = new Set<Reader>();

  open = (after: string | undefined, sink: StreamSink): FeedStream => new Reader(this, after, sink);
}

class Reader implements FeedStream {
  position: number;
  cursor: string | undefined;
  exact = true;

  constructor(
    readonly source: Source,
    after: string | undefined,
    readonly sink: StreamSink,
  ) {
    this.position = after === undefined ? source.events.length : source.events.indexOf(after) + 1;
    this.cursor = after;
  }

  start() {
    this.source.readers.add(this);
  }

  followMove() {}

  step(): boolean {
    const event = this.source.events[this.position];
    if (event === undefined || !this.source.readers.has(this)) return false;
    this.position++;
    // an event that a subgraph could not load has no cursor
    this.exact = !event.startsWith('broken');
    if (this.exact) this.cursor = event;
    this.sink.next({ data: { event } }, this.cursor, 1);
    return true;
  }

  [Symbol.dispose]() {
    this.source.readers.delete(this);
  }
}

class Watcher implements EventConsumer {
  readonly seen: unknown[] = [];
  strand!: Strand;
  receive({ data }: SubgraphResponse) {
    this.seen.push(data?.['event']);
  }
  moved(_from: Strand, to: Strand) {
    this.strand = to;
  }
  interrupted() {}
  restored() {}
  failed() {}
  complete() {}

  join = (strand: Strand) => {
    this.strand = strand;
    strand.consumers.add(this);
  };
}

type Action = { kind: 'publish' } | { kind: 'step'; reader: number } | { kind: 'join'; at: number } | { kind: 'leave'; watcher: number };

describe('a shared feed', () => {
  test('gives everybody what follows their cursor, once and in order, whatever comes when; and ends with one upstream', async () => {
    const action: fc.Arbitrary<Action> = fc.oneof(
      fc.constant({ kind: 'publish' as const }),
      fc.record({ kind: fc.constant('step' as const), reader: fc.nat(5) }),
      fc.record({ kind: fc.constant('join' as const), at: fc.nat(30) }),
      fc.record({ kind: fc.constant('leave' as const), watcher: fc.nat(5) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 60 }), async (actions) => {
        const source = new Source();
        source.events.push('e0');
        let idle = 0;
        const feed = new SharedFeed(source.open, undefined, () => void idle++);
        const watchers: { watcher: Watcher; from: number }[] = [];
        const step = (index: number) => [...source.readers][index % Math.max(source.readers.size, 1)]?.step() ?? false;
        for (const each of actions) {
          if (each.kind === 'publish') source.events.push(`e${source.events.length}`);
          else if (each.kind === 'step') step(each.reader);
          else if (each.kind === 'join') {
            const from = each.at % source.events.length;
            const watcher = new Watcher();
            watchers.push({ watcher, from: from + 1 });
            await feed.join(source.events[from], watcher.join);
          } else {
            const left = watchers.splice(each.watcher % Math.max(watchers.length, 1), 1)[0];
            if (left !== undefined) feed.leave(left.watcher.strand, left.watcher);
          }
        }
        // one more event brings everybody together
        source.events.push('last');
        for (let moved = true; moved; ) moved = [...source.readers].map((reader) => reader.step()).some(Boolean);
        for (const { watcher, from } of watchers) expect(watcher.seen).toEqual(source.events.slice(from));
        expect(source.readers.size).toBe(watchers.length === 0 ? 0 : 1);
        for (const { watcher } of watchers) feed.leave(watcher.strand, watcher);
        expect(source.readers.size).toBe(0);
        expect(feed.strands).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['is asked where it begins', true],
    ['is not asked', false],
  ])('whose live watchers have left gives newcomers the present, not the past that others read (%s)', async (_what, asks) => {
    const source = new Source();
    for (let n = 0; n < 4; n++) source.events.push(`e${n}`);
    const feed = new SharedFeed(source.open, asks ? async () => source.events.at(-1) : undefined, () => {});
    const [live, replaying, newcomer] = [new Watcher(), new Watcher(), new Watcher()];
    await feed.join(undefined, live.join);
    await feed.join('e0', replaying.join);
    feed.leave(live.strand, live);
    await feed.join(undefined, newcomer.join);
    source.events.push('e4');
    for (let moved = true; moved; ) moved = [...source.readers].map((reader) => reader.step()).some(Boolean);
    expect(newcomer.seen).toEqual(['e4']);
    expect(replaying.seen).toEqual(['e1', 'e2', 'e3', 'e4']);
    // and they have met
    expect(source.readers.size).toBe(1);
  });

  test('gives an event without a cursor again to whoever resumes from the one before it', async () => {
    const source = new Source();
    source.events.push('e0', 'e1', 'broken-1', 'e2');
    const feed = new SharedFeed(source.open, undefined, () => {});
    const [first, resuming, behind] = [new Watcher(), new Watcher(), new Watcher()];
    await feed.join('e0', first.join);
    const [main] = source.readers;
    main?.step();
    main?.step();
    await feed.join('e1', resuming.join);
    await feed.join('e0', behind.join);
    for (let moved = true; moved; )
      moved = [...source.readers]
        .toReversed()
        .map((reader) => reader.step())
        .some(Boolean);
    expect(first.seen).toEqual(['e1', 'broken-1', 'e2']);
    expect(resuming.seen).toEqual(['broken-1', 'e2']);
    expect(behind.seen).toEqual(['e1', 'broken-1', 'e2']);
  });

  test('that begins at the present is joined where it stands; one that begins at the start is read from there', async () => {
    for (const [startOf, expected] of [
      [({ events }: Source) => events.at(-1), ['e3']],
      [() => 'e0', ['e1', 'e2', 'e3']],
      // the first event is given up meanwhile: a start that moves, and is not the present
      [({ events }: Source) => (events.length > 1 ? 'e1' : 'e0'), ['e2', 'e3']],
    ] as const) {
      const source = new Source();
      source.events.push('e0');
      const feed = new SharedFeed(
        source.open,
        async () => startOf(source),
        () => {},
      );
      const [first, second, third] = [new Watcher(), new Watcher(), new Watcher()];
      await feed.join(undefined, first.join);
      const run = () => {
        for (let moved = true; moved; ) moved = [...source.readers].map((reader) => reader.step()).some(Boolean);
      };
      source.events.push('e1', 'e2');
      run();
      // the second shows which of both it is, the third knows
      await feed.join(undefined, second.join);
      await feed.join(undefined, third.join);
      source.events.push('e3');
      run();
      expect(first.seen).toEqual(['e1', 'e2', 'e3']);
      expect(second.seen).toEqual(expected);
      expect(third.seen).toEqual(expected);
      expect(source.readers.size).toBe(1);
    }
  });
});
