import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import type { Clock } from '../../../../subgraphs/kit/clocks/clock.js';
import type { ClockEvent } from '../../../../subgraphs/kit/clocks/clock-event.js';
import { clocksOf } from '../../../../subgraphs/kit/clocks/clocks-of.js';

const calendar = new WorkingCalendar();
const START = Date.UTC(2024, 0, 1);
const END = Date.UTC(2026, 2, 1);
const HOUR = 3_600_000;

const instant = fc.integer({ min: 0, max: (END - START) / HOUR }).map((hours) => START + hours * HOUR);
const limit = fc.integer({ min: 0, max: 60 });
/** A procedure in hours after acceptance, and how many hours it takes; without an end it runs on. */
const pause = fc.record({
  after: fc.integer({ min: -48, max: 1_500 }),
  takes: fc.integer({ min: 0, max: 700 }),
  kind: fc.constantFrom('A', 'B', 'C'),
});
type Pausing = { after: number; takes: number; kind: string };

const LIMITS = { promisedDays: 10, statutoryDays: 20, steps: new Map([['review', 5]]) };

/** Each its own kind, so that none swallows another's beginning. */
function events(from: number, pauses: readonly Pausing[], more: readonly ClockEvent[] = []): ClockEvent[] {
  return [
    { kind: 'ACCEPTED', at: new Date(from) },
    ...pauses.flatMap(({ after, takes, kind }, index) => [
      { kind: 'SPECIAL_PROCEDURE_STARTED', at: new Date(from + after * HOUR), procedureKind: `${kind}${index}` },
      { kind: 'SPECIAL_PROCEDURE_FINISHED', at: new Date(from + (after + takes) * HOUR), procedureKind: `${kind}${index}` },
    ]),
    ...more,
  ];
}

const statutory = (all: readonly ClockEvent[], days: number, now: number): Clock => {
  const found = clocksOf(all, { promisedDays: null, statutoryDays: days }, calendar, new Date(now)).find(
    ({ kind }) => kind === 'STATUTORY',
  );
  if (found === undefined) throw new Error('no clock');
  return found;
};
const due = (clock: Clock) => clock.dueAt?.getTime() ?? Number.POSITIVE_INFINITY;

describe('clocks', () => {
  test('adding a pause never brings a due date forward, with or without an extension', () => {
    const extension = fc.option(fc.record({ after: fc.integer({ min: 0, max: 2_000 }), days: fc.integer({ min: 1, max: 15 }) }), {
      nil: undefined,
    });
    let moved = 0;
    fc.assert(
      fc.property(
        instant,
        limit,
        fc.array(pause, { maxLength: 4 }),
        pause,
        extension,
        fc.boolean(),
        (from, days, pauses, more, extended, open) => {
          const extra: ClockEvent[] = extended
            ? [{ kind: 'EXTENDED', at: new Date(from + extended.after * HOUR), extensionDays: extended.days }]
            : [];
          const before = statutory(events(from, pauses, extra), days, END);
          const added = events(from, [...pauses, more], extra);
          const after = statutory(open ? withoutItsEnd(added, `${more.kind}${pauses.length}`) : added, days, END);
          expect(due(after)).toBeGreaterThanOrEqual(due(before));
          if (due(after) > due(before)) moved++;
        },
      ),
      { numRuns: 500 },
    );
    expect(moved).toBeGreaterThan(50);
  });

  test('splitting a pause changes nothing, whatever kinds its parts are', () => {
    fc.assert(
      fc.property(instant, limit, pause, fc.integer({ min: 0, max: 700 }), instant, (from, days, whole, cut, now) => {
        const first = Math.min(cut, whole.takes);
        const parts = [
          { ...whole, takes: first },
          { ...whole, after: whole.after + first, takes: whole.takes - first },
        ];
        const { pauses: _one, ...unsplit } = statutory(events(from, [whole]), days, now);
        const { pauses: _two, ...split } = statutory(events(from, parts), days, now);
        expect(split).toEqual(unsplit);
      }),
      { numRuns: 500 },
    );
  });

  test('overlapping pauses take what their union takes', () => {
    fc.assert(
      fc.property(instant, limit, pause, pause, (from, days, a, b) => {
        const low = Math.min(a.after, b.after);
        const high = Math.max(a.after + a.takes, b.after + b.takes);
        const touch = Math.max(a.after, b.after) <= Math.min(a.after + a.takes, b.after + b.takes);
        fc.pre(touch);
        const union = statutory(events(from, [{ kind: 'A', after: low, takes: high - low }]), days, END);
        expect(due(statutory(events(from, [a, b]), days, END))).toBe(due(union));
      }),
      { numRuns: 300 },
    );
  });

  test('clocks never run backwards as now grows', () => {
    const rank = { RUNNING: 0, PAUSED: 0, OVERDUE: 1, MET: 2, MISSED: 2, ENDED: 2 } as const;
    const end = fc.option(fc.integer({ min: 0, max: 3_000 }), { nil: undefined });
    fc.assert(
      fc.property(
        instant,
        fc.array(pause, { maxLength: 3 }),
        end,
        instant,
        fc.integer({ min: 0, max: 2_000 }),
        (from, pauses, decided, now, later) => {
          const more: ClockEvent[] = [
            { kind: 'STEP_STARTED', stepCode: 'review', at: new Date(from + 30 * HOUR) },
            ...(decided === undefined ? [] : [{ kind: 'DECIDED', outcome: 'APPROVED', at: new Date(from + decided * HOUR) }]),
          ];
          const look = (instant: number) => clocksOf(events(from, pauses, more), LIMITS, calendar, new Date(instant));
          const before = look(now);
          const after = look(now + later * HOUR);
          expect(after.map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
          for (const [index, clock] of after.entries()) {
            const earlier = before[index] as Clock;
            expect(clock.dueAt).toEqual(earlier.dueAt);
            expect(clock.elapsedDays).toBeGreaterThanOrEqual(earlier.elapsedDays as number);
            expect(clock.remainingDays).toBeLessThanOrEqual(earlier.remainingDays as number);
            expect(rank[clock.state]).toBeGreaterThanOrEqual(rank[earlier.state]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('the order in which events are given is no matter', () => {
    fc.assert(
      fc.property(instant, fc.array(pause, { maxLength: 3 }), fc.integer(), (from, pauses, seed) => {
        const all = events(
          from,
          pauses.map((one) => ({ ...one, takes: one.takes + 1 })),
        );
        const shuffled = [...all].sort((a, b) => mixed(a, seed) - mixed(b, seed));
        const look = (given: ClockEvent[]) =>
          clocksOf(given, LIMITS, calendar, new Date(END)).map(({ pauses: _pauses, ...clock }) => clock);
        expect(look(shuffled)).toEqual(look(all));
      }),
    );
  });

  test('a clock that is not late was never past its due date, and one that is late was', () => {
    fc.assert(
      fc.property(instant, limit, fc.array(pause, { maxLength: 3 }), instant, (from, days, pauses, now) => {
        const clock = statutory(events(from, pauses), days, Math.max(now, from));
        expect(clock.state === 'OVERDUE').toBe(clock.dueAt !== null && Math.max(now, from) > clock.dueAt.getTime());
        if (clock.state === 'RUNNING') expect(clock.elapsedDays).toBeLessThanOrEqual(days + (days === 0 ? 1 : 0));
      }),
    );
  });

  test("the server's time zone is no matter", () => {
    const look = new URL('../../../../dist/subgraphs/kit/', import.meta.url).pathname;
    const script = `
      import { WorkingCalendar } from '${look}calendar/working-calendar.js';
      import { clocksOf } from '${look}clocks/clocks-of.js';
      const at = (text) => new Date(text);
      const events = [
        { kind: 'APPLICATION_SUBMITTED', at: at('2026-02-12T16:10:00Z') }, { kind: 'ACCEPTED', at: at('2026-02-12T16:30:00Z') },
        { kind: 'SPECIAL_PROCEDURE_STARTED', procedureKind: 'HEARING', at: at('2026-02-24T15:59:00Z') },
        { kind: 'SPECIAL_PROCEDURE_FINISHED', procedureKind: 'HEARING', at: at('2026-02-25T16:01:00Z') },
      ];
      const limits = { promisedDays: 5, statutoryDays: 20 };
      const clocks = clocksOf(events, limits, new WorkingCalendar(), at('2026-02-26T15:59:59Z'));
      console.log(JSON.stringify([new Date(2026, 0, 1).getTimezoneOffset(), clocks]));`;
    const answers = ['UTC', 'Asia/Shanghai', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Australia/Lord_Howe'].map((TZ) => {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as [number, Clock[]];
    });
    // the zones did differ
    expect(new Set(answers.map(([offset]) => offset)).size).toBe(5);
    expect(new Set(answers.map(([, clocks]) => JSON.stringify(clocks))).size).toBe(1);
    expect(answers[0]?.[1].find(({ kind }) => kind === 'PROMISED')).toMatchObject({ dueAt: '2026-03-02T15:59:59.999Z', elapsedDays: 2 });
  });
});

function withoutItsEnd(all: readonly ClockEvent[], kind: string): ClockEvent[] {
  return all.filter((event) => !(event.kind === 'SPECIAL_PROCEDURE_FINISHED' && event.procedureKind === kind));
}

function mixed(event: ClockEvent, seed: number): number {
  return Math.imul(event.at.getTime() ^ seed, 2_654_435_761) >>> 0;
}
