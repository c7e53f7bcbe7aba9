import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { CASES, startProvince } from '../server/small-province.js';
import { socketTo, startTestGateway } from '../server/test-gateway.js';
import { collect, metricsOf } from './collect.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const EVENTS = 'subscription($departmentCode: ID) { caseEvents(departmentCode: $departmentCode) { cursor case { number item { name } } } }';
const CYCLES = 10_000;
const AT_A_TIME = 50;

/** Unlike expect.poll, keeps nothing of what it looked at until the test ends. */
async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; !holds(); looks++) {
    if (looks > 20_000) throw new Error('it did not come about in time');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** What the process holds beside memory: timers, sockets, and whatever else keeps it running. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

function heap(): number {
  collectGarbage();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('10,000 subscriptions that come and go leave nothing behind', { timeout: 180_000 }, async () => {
  await using province = await startProvince();
  await using gateway = await startTestGateway(province.document());
  await using constant = socketTo(gateway);
  // keeps the upstream connection open, so that what is kept for as long as it lasts shows
  const stays = collect(constant, 'subscription { ticks { position } }');
  const cycles = async (count: number, from: number) => {
    for (let done = 0; done < count; done += AT_A_TIME) {
      // graphql-ws' client keeps something of each subscription for as long as its connection lasts
      await using client = socketTo(gateway);
      // some share a view, some have one of their own
      const watching = Array.from({ length: AT_A_TIME }, (_, i) =>
        collect(client, EVENTS, { departmentCode: i % 2 === 0 ? null : `d${from + done + i}` }),
      );
      await until(() => province.feed.subscribers === AT_A_TIME / 2 + 2);
      province.feed.publish(CASES[0] as (typeof CASES)[0]);
      await until(() => watching.every(({ results }) => results.length === 1));
      for (const { unsubscribe } of watching) unsubscribe();
      await until(() => province.feed.subscribers === 1);
    }
    stays.results.length = 0;
    province.catalog.seen.length = 0;
    province.feed.events.length = 0;
  };
  await expect.poll(() => province.feed.subscribers).toBe(1);
  // caches fill, and code is compiled
  await cycles(2_000, 0);
  await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_upstreams 1\n');
  const before = { heap: heap(), resources: resources() };
  await cycles(CYCLES, 2_000);
  await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_upstreams 1\n');
  const metrics = await metricsOf(gateway);
  for (const gauge of ['subscriptions 1', 'operations 1', 'lag_events 0', 'queue_depth 0'])
    expect(metrics).toContain(`acceptance_live_${gauge}`);
  // pooled connections and their timers come and go by themselves
  await expect
    .poll(() => resources()['TCPSocketWrap'] ?? 0, { timeout: 20_000 })
    .toBeLessThanOrEqual(before.resources['TCPSocketWrap'] ?? 0);
  await expect.poll(() => resources()['Timeout'] ?? 0, { timeout: 20_000 }).toBeLessThanOrEqual((before.resources['Timeout'] ?? 0) + 2);
  // less than what the smallest thing kept for each of them would take
  expect((heap() - before.heap) / CYCLES).toBeLessThan(200);
});
