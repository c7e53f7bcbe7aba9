import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from '../../../../subgraphs/platform/supervision/configuration/supervision-rules.js';
import { momentsOf } from '../../../../subgraphs/platform/supervision/facts/case-life.js';
import { factOfEvent, type LedgerEvent } from '../../../../subgraphs/platform/supervision/facts/ledger-event.js';
import { MEASURES } from '../../../../subgraphs/platform/supervision/figures/contribution.js';
import { FigureSums } from '../../../../subgraphs/platform/supervision/figures/figure-sums.js';
import { recount } from '../../../../subgraphs/platform/supervision/figures/recount.js';
import { findingsOf } from '../../../../subgraphs/platform/supervision/findings/findings-of.js';
import { alerts, alertTallies, caseFigures } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { CALENDAR, china, ITEM } from './lives.js';
import { ITEMS, ledgerEvent, type Script, script } from './simulation/script.js';
import { Supervised } from './simulation/supervised.js';

const FROM = china('2026-03-01 08:00').getTime();
const TO = china('2026-03-31 18:00').getTime();
const END = china('2026-06-30 12:00');

const lives = fc.integer({ min: 0, max: 1_000_000 }).map((seed): Script => script(seed, 77, FROM, TO));
const eventsOf = (life: Script): LedgerEvent[] => life.events.map((_, index) => ledgerEvent(life, index));

const judged = (life: Script, events = eventsOf(life)) =>
  findingsOf(
    { facts: events.map(factOfEvent), promisedDays: life.promisedDays, statutoryDays: life.statutoryDays },
    {
      calendar: CALENDAR,
      thresholds: DEFAULT_RULES.thresholds,
      item: [
        { ...(ITEM[0] as (typeof ITEM)[number]), steps: { review: ITEMS.find(({ code }) => code === life.itemCode)?.reviewDays ?? 1 } },
      ],
    },
  );

/** What a store says in the end, by case. */
async function resultOf({ supervision }: Supervised) {
  const em = supervision.store.fork();
  const rows = await em.find(alerts, { state: { $ne: 'CLEARED' } }, { disableIdentityMap: true });
  return rows.map(({ id, state, arisenAt, overAt }) => `${id} ${state} ${arisenAt.toISOString()} ${overAt?.toISOString()}`).sort();
}

describe('findings', () => {
  test('are the same in whatever order the events came', () => {
    fc.assert(
      fc.property(lives, fc.infiniteStream(fc.nat()), (life, picks) => {
        const shuffled = eventsOf(life)
          .map((event) => [picks.next().value as number, event] as const)
          .sort(([a], [b]) => a - b)
          .map(([, event]) => event);
        const sorted = (events?: LedgerEvent[]) =>
          judged(life, events)
            .findings.map((finding) => JSON.stringify(finding))
            .sort();
        expect(sorted(shuffled)).toEqual(sorted());
      }),
      { numRuns: 300 },
    );
  });

  test('never arise before something that made them known, and never end before they arise', () => {
    fc.assert(
      fc.property(lives, (life) => {
        const [first] = momentsOf(eventsOf(life).map(factOfEvent));
        for (const { at, over } of judged(life).findings) {
          expect(at.getTime()).toBeGreaterThanOrEqual((first as { at: Date }).at.getTime());
          if (over !== null) expect(over.getTime()).toBeGreaterThanOrEqual(at.getTime());
        }
      }),
      { numRuns: 300 },
    );
  });

  test('an event that comes later takes away nothing that arose before it', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (life, cut) => {
        // told in order: acceptance by silence is known last though it happened first
        const events = eventsOf(life).filter(({ kind }) => kind !== 'APPLICATION_DEEMED_ACCEPTED');
        const known = events.slice(0, 1 + (cut % events.length));
        const next = events[known.length];
        const until = next === undefined ? END : new Date(next.occurredAt);
        const key = ({ rule, occurrence, at }: { rule: string; occurrence: string; at: Date }) =>
          `${rule} ${occurrence} ${at.toISOString()}`;
        const before = judged(life, known).findings.filter(({ at }) => at < until);
        const after = new Set(judged(life, events).findings.map(key));
        expect(before.map(key).filter((one) => !after.has(one))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('are stored the same however the events are cut into batches, repeated, and looked at in between', {
    timeout: 240_000,
  }, async () => {
    const batches = fc.record({
      seeds: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 6 }),
      cuts: fc.array(fc.record({ size: fc.integer({ min: 1, max: 9 }), repeat: fc.boolean(), look: fc.boolean() }), {
        minLength: 1,
        maxLength: 20,
      }),
    });
    await fc.assert(
      fc.asyncProperty(batches, async ({ seeds, cuts }) => {
        const many = [...new Set(seeds)].map((seed) => script(seed, 77, FROM, TO));
        const told = many
          .flatMap((life) => life.events.map((event, index) => ({ at: event.told, event: ledgerEvent(life, index) })))
          .filter(({ at }) => at < END.getTime())
          .sort((a, b) => a.at - b.at);
        await using whole = await Supervised.open('memory:', { now: END });
        await whole.offer();
        await whole.observe(told.map(({ event }) => event));
        await whole.settle();

        const time = { now: new Date(FROM) };
        await using cut = await Supervised.open('memory:', time);
        await cut.offer();
        for (let next = 0, turn = 0; next < told.length; turn++) {
          const { size, repeat, look } = cuts[turn % cuts.length] as (typeof cuts)[number];
          const batch = told.slice(next, next + size);
          next += batch.length;
          time.now = new Date(Math.max(time.now.getTime(), (batch.at(-1) as { at: number }).at));
          await cut.observe(batch.map(({ event }) => event));
          if (repeat) await cut.observe(batch.map(({ event }) => event));
          if (look) await cut.settle(3);
        }
        time.now = END;
        await cut.settle();
        expect(await resultOf(cut)).toEqual(await resultOf(whole));

        // what is counted beside the rows is what the rows say
        const em = cut.supervision.store.fork();
        const tallies = (await em.find(alertTallies, { count: { $ne: 0 } })).map(({ departmentCode, rule, level, state, count }) =>
          [departmentCode, rule, level, state, count].join(),
        );
        const counted = await em.execute<{ line: string }[]>(
          "select department_code || ',' || rule || ',' || level || ',' || state || ',' || count(*) as line from alert group by department_code, rule, level, state",
        );
        expect(tallies.sort()).toEqual(counted.map(({ line }) => line).sort());
        const rows = await em.find(caseFigures, {}, { disableIdentityMap: true });
        const kept = new FigureSums().add(
          rows.map(({ day, departmentCode, itemCode, channel, ...sums }) => ({
            day,
            departmentCode,
            itemCode,
            channel,
            measures: Object.fromEntries(MEASURES.map((measure) => [measure, sums[measure]])),
          })),
        );
        expect(kept.sums).toEqual((await recount(em, await cut.supervision.calendar.in(em))).sums);
      }),
      { numRuns: 25 },
    );
  });

  test('are the same whatever the time zone of the server', () => {
    const built = new URL('../../../../dist/', import.meta.url).href;
    const module = (path: string) => JSON.stringify(new URL(path, built).href);
    const source = `
      const { findingsOf } = await import(${module('subgraphs/platform/supervision/findings/findings-of.js')});
      const { WorkingCalendar } = await import(${module('subgraphs/kit/calendar/working-calendar.js')});
      const { DEFAULT_RULES } = await import(${module('subgraphs/platform/supervision/configuration/supervision-rules.js')});
      const fact = (kind, at) => ({ id: at, kind, at: new Date(at), recordedAt: new Date(at), stepCode: null, procedureKind: null, expectedDays: null,
        extensionDays: null, outcome: null, hasReasons: null, reviewRuleVersion: null });
      // half past eleven at night in China, on the eve of a day off
      const facts = [fact('APPLICATION_SUBMITTED', '2026-02-13T15:30:00Z'), fact('ACCEPTED', '2026-02-14T15:40:00Z')];
      const basis = { calendar: new WorkingCalendar(), thresholds: DEFAULT_RULES.thresholds, item: [] };
      const found = findingsOf({ facts, promisedDays: 5, statutoryDays: 20 }, basis);
      console.log(JSON.stringify([new Date(2026, 0, 1).getTimezoneOffset(), found]));`;
    const answers = ['UTC', 'Asia/Shanghai', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Australia/Lord_Howe'].map((TZ) => {
      const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
      if (stdout === '') throw new Error(stderr);
      return JSON.parse(stdout) as [number, { findings: { rule: string; at: string }[] }];
    });
    // the zones did differ
    expect(new Set(answers.map(([offset]) => offset)).size).toBe(5);
    expect(new Set(answers.map(([, found]) => JSON.stringify(found))).size).toBe(1);
    // five working days from 14 February, a working Saturday: 24 to 27 February and 28 February, worked too
    expect(answers[0]?.[1].findings.find(({ rule }) => rule === 'PROMISED_OVERDUE')?.at).toBe('2026-02-28T16:00:00.000Z');
  });
});
