import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SteadyLoad } from '../failure/steady-load.js';
import { judge } from '../failure/verdict.js';
import { INTERESTS } from '../live/checker.js';
import { ProgressWatcher } from '../live/watcher.js';
import { offeredItems } from '../support/case-work.js';
import { Province } from '../topology/province.js';
import { type Sample, sampleOf, slopePerHour } from './samples.js';

/** Milliseconds between two samples, and between two watchers who leave and come back. */
const SAMPLE_EVERY = 10_000;
const CHURN_EVERY = 250;
const WATCHERS = 60;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '20' }, restarts: { type: 'boolean', default: false } },
});
const minutes = Number(values.minutes);

await using stack = new AsyncDisposableStack();
const directory = await mkdtemp(join(tmpdir(), 'acceptance-soak-'));
stack.defer(() => rm(directory, { recursive: true, force: true }));
const province = stack.use(
  await Province.start({
    directory,
    env: { GATEWAY_RATE_PER_IDENTITY: '0', GATEWAY_RATE_PER_ADDRESS: '0', GATEWAY_CONNECTIONS_PER_IDENTITY: '0' },
  }),
);
const { topology, graphs, departments } = province;
const items = await offeredItems(province.graph, departments);
const load = stack.use(new SteadyLoad({ graphs, items, departments, rest: 150 }));
const watchers = Array.from({ length: WATCHERS }, (_, n) => {
  const interest = INTERESTS[n % INTERESTS.length] as (typeof INTERESTS)[number];
  return stack.use(new ProgressWatcher(graphs[n % graphs.length] ?? province.graph, interest, n % 2 === 0 ? 'websocket' : 'sse'));
});

const samples = new Map<string, Sample[]>(topology.names.map((name) => [name, []]));
const begun = performance.now();
const churn = setInterval(() => watchers[Math.floor(Math.random() * watchers.length)]?.drop(), CHURN_EVERY);
for (let round = 1; performance.now() - begun < minutes * 60_000; round++) {
  await new Promise((resolve) => setTimeout(resolve, Math.max(1, begun + round * SAMPLE_EVERY - performance.now())));
  const at = (performance.now() - begun) / 60_000;
  await Promise.all(
    topology.names.map(async (name) => {
      const part = topology.part(name);
      samples.get(name)?.push(await sampleOf(part.pid, part.url, at));
    }),
  );
  // a department that starts again registers again, and is published at its address of before
  if (round % 12 === 0) {
    const name = values.restarts ? (topology.names[(round / 12) % topology.names.length] as string) : 'transport';
    await topology.part(name).kill('SIGTERM');
    await topology.start(name);
    // it is another process now
    samples.set(name, []);
  }
  if (round % 6 === 0) console.error(`${Math.round(at)} min: ${load.outcomes.length} done, ${load.accepted.length} cases`);
}
clearInterval(churn);
await load[Symbol.asyncDispose]();

const show = (value: number | undefined, digits = 0) => (value === undefined ? '–' : value.toFixed(digits));
console.log('| process | RSS first → last, MB | per hour | heap low first → last, MB | per hour | handles | per hour | loop p99, ms |');
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const [name, all] of samples) {
  // what is warmed up in the first quarter is no leak
  const own = all.slice(Math.floor(all.length / 4));
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) continue;
  const low = (part: readonly Sample[]) => Math.min(...part.flatMap(({ heap }) => heap ?? []));
  const heaps = [low(own.slice(0, own.length >> 2)), low(own.slice(-(own.length >> 2)))].map((heap) =>
    Number.isFinite(heap) ? heap : undefined,
  );
  const lag = own.reduce((sum, one) => sum + (one.lag ?? Number.NaN), 0) / own.length;
  console.log(
    `| ${name} | ${show(first.rss)} → ${show(last.rss)} | ${show(slopePerHour(own, ({ rss }) => rss))} | ${show(heaps[0])} → ${show(heaps[1])} | ${show(slopePerHour(own, ({ heap }) => heap))} | ${first.handles} → ${last.handles} | ${show(slopePerHour(own, ({ handles }) => handles))} | ${Number.isNaN(lag) ? '–' : show(lag, 1)} |`,
  );
}
const failed = load.outcomes.filter(({ code }) => code !== undefined);
const codes = [...new Set(failed.map(({ work, code }) => `${work} ${code}`))].join(', ');
console.log(
  `\n${load.outcomes.length} things done, ${failed.length} failed${codes === '' ? '' : ` (${codes})`}, ${watchers.reduce((sum, { returns }) => sum + returns, 0)} subscriptions taken up again`,
);
const { accepted, events } = await judge(province, load, watchers);
console.log(`accepted cases lost: 0 of ${accepted}; events lost, repeated or out of order: 0 of ${events}, at every watcher`);
await stack.disposeAsync();
process.exit(0);
