import { describe, expect, test } from 'vitest';
import { MEASURES } from '../../../../subgraphs/platform/supervision/figures/contribution.js';
import { FigureSums } from '../../../../subgraphs/platform/supervision/figures/figure-sums.js';
import { recount } from '../../../../subgraphs/platform/supervision/figures/recount.js';
import { alertMoves, alerts, caseFigures } from '../../../../subgraphs/platform/supervision/store/tables.js';
import { openFiles, STORES } from '../../../support/stores.js';
import { china } from './lives.js';
import { expectedOf } from './simulation/oracle.js';
import { ledgerEvent, type Script, script } from './simulation/script.js';
import { Supervised } from './simulation/supervised.js';

const HOUR = 3_600_000;
const FROM = china('2026-03-01 08:00').getTime();
const TO = china('2026-03-31 18:00').getTime();
/** `SIMULATION_CASES=10000` is a month of a province's busiest departments; fewer find the same faults in a third of the time. */
const CASES = Number(process.env['SIMULATION_CASES'] ?? 3_000);
/** Long enough after the month for what was begun in it to end, or to be late. */
const HORIZON = china('2026-05-20 12:00').getTime();

interface Telling {
  readonly at: number;
  readonly life: Script;
  readonly index: number;
}

/** Hour by hour: what was told in it is taken over, and what fell due is looked at. */
async function simulate(url: string, lives: readonly Script[], restarts: readonly number[] = []): Promise<Supervised> {
  const time = { now: new Date(FROM) };
  let supervised = await Supervised.open(url, time);
  await supervised.offer();
  const tellings = lives
    .flatMap((life) => life.events.map(({ told }, index): Telling => ({ at: told, life, index })))
    .filter(({ at }) => at <= HORIZON)
    .sort((a, b) => a.at - b.at);
  let next = 0;
  let repeated: Telling[] = [];
  for (let hour = FROM; hour < HORIZON; hour += HOUR) {
    time.now = new Date(hour + HOUR);
    const batch: Telling[] = [];
    for (; next < tellings.length && (tellings[next] as Telling).at <= hour + HOUR; next++) batch.push(tellings[next] as Telling);
    if (restarts.some((restart) => hour <= restart && restart < hour + HOUR)) {
      await supervised[Symbol.asyncDispose]();
      supervised = await Supervised.open(url, time);
      // what was told last is told again, as after a crash before the cursor was saved
      batch.unshift(...repeated);
    }
    for (let from = 0; from < batch.length; from += 500)
      await supervised.observe(batch.slice(from, from + 500).map(({ life, index }) => ledgerEvent(life, index)));
    await supervised.settle(500);
    if (batch.length > 0) repeated = batch;
  }
  return supervised;
}

/** `case rule time`, sorted. */
async function foundIn({ supervision }: Supervised, cleared = false): Promise<string[]> {
  const rows = await supervision.store
    .fork()
    .find(alerts, cleared ? { state: 'CLEARED' } : { state: { $ne: 'CLEARED' } }, { disableIdentityMap: true });
  return rows.map(({ subject, rule, arisenAt }) => `${subject} ${rule} ${arisenAt.toISOString()}`).sort();
}

function expectedIn(lives: readonly Script[]): string[] {
  return lives
    .flatMap((life) =>
      expectedOf(life, HORIZON).map(({ rule, at }) => `application:${life.applicationId} ${rule} ${new Date(at).toISOString()}`),
    )
    .sort();
}

async function keptFigures({ supervision }: Supervised) {
  const rows = await supervision.store.fork().find(caseFigures, {}, { disableIdentityMap: true });
  return new FigureSums().add(
    rows.map(({ day, departmentCode, itemCode, channel, ...sums }) => ({
      day,
      departmentCode,
      itemCode,
      channel,
      measures: Object.fromEntries(MEASURES.map((measure) => [measure, sums[measure]])),
    })),
  ).sums;
}

const livesOf = (count: number, seed: number) => Array.from({ length: count }, (_, n) => script(n, seed, FROM, TO));

describe('a month of life', () => {
  test(`${CASES} cases: every alert that should fire fires once, none that should not, over restarts and repeats; figures are those of a recount`, {
    timeout: 900_000,
  }, async () => {
    await using files = await openFiles();
    const lives = livesOf(CASES, 1);
    const began = performance.now();
    await using supervised = await simulate(files.url, lives, [
      china('2026-03-12 10:30').getTime(),
      china('2026-03-20 00:00').getTime(),
      china('2026-04-08 03:30').getTime(),
    ]);
    console.log(
      `a month of ${CASES} cases, ${lives.reduce((sum, { events }) => sum + events.length, 0)} events: ${Math.round((performance.now() - began) / 1000)} s`,
    );
    const found = await foundIn(supervised);
    expect(found).toEqual(expectedIn(lives));
    const counts = Object.groupBy(found, (line) => line.split(' ')[1] as string);
    console.log(
      Object.entries(counts)
        .map(([rule, lines]) => `${rule} ${lines?.length}`)
        .sort()
        .join(', '),
    );
    for (const lines of Object.values(counts)) expect(lines?.length).toBeGreaterThan(5);

    const em = supervised.supervision.store.fork();
    // told once, but for what was cleared in between
    const raisings = await em.execute<{ n: number; of: number }[]>(
      "select max(n) as n, count(*) as `of` from (select count(*) as n from alert_move where kind = 'RAISED' and alert_id not in (select alert_id from alert_move where kind = 'CLEARED') group by alert_id) as raised",
    );
    expect(raisings[0]).toMatchObject({ n: 1 });
    // on time: within the hour in which it arose, but for what a department told late
    const late = await em.execute<{ n: number }[]>('select count(*) as n from alert where raised_at > arisen_at + ?', [HOUR]);
    const toldLate = lives.flatMap(({ events }) => events.filter(({ at, told }) => told - at > HOUR)).length;
    expect(Number(late[0]?.n)).toBeLessThan(toldLate);
    expect((await foundIn(supervised, true)).length).toBeGreaterThan(0);

    const calendar = await supervised.supervision.calendar.in(em);
    expect(await keptFigures(supervised)).toEqual((await recount(em, calendar)).sums);
    // and what was counted by hand
    const decided = lives.flatMap(({ events }) => events.filter(({ kind, told }) => kind === 'DECIDED' && told <= HORIZON)).length;
    const accepted = lives.flatMap(({ events }) => events.filter(({ kind, told }) => kind === 'ACCEPTED' && told <= HORIZON)).length;
    const total = (await keptFigures(supervised))
      .filter(({ day }) => day !== '')
      .reduce((sum, { measures }) => ({ accepted: sum.accepted + measures.accepted, decided: sum.decided + measures.decided }), {
        accepted: 0,
        decided: 0,
      });
    expect(total).toEqual({ accepted, decided });
  });

  test.each(STORES)('300 cases on $name are judged the same', { timeout: 300_000 }, async ({ skip, open }) => {
    if (skip) return;
    await using files = await open();
    const lives = livesOf(300, 2);
    await using supervised = await simulate(files.url, lives, [china('2026-03-17 10:30').getTime()]);
    expect(await foundIn(supervised)).toEqual(expectedIn(lives));
    const em = supervised.supervision.store.fork();
    expect(await em.count(alertMoves)).toBeGreaterThan(100);
    expect(await keptFigures(supervised)).toEqual((await recount(em, await supervised.supervision.calendar.in(em))).sums);
  });
});
