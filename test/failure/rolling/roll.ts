import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { INTERESTS } from '../../live/checker.js';
import { type Interest, ProgressWatcher } from '../../live/watcher.js';
import { offeredItems } from '../../support/case-work.js';
import { eventually } from '../../support/graph.js';
import { Province } from '../../topology/province.js';
import { judge } from '../verdict.js';
import { type Failure, OpenLoad } from './open-load.js';

export interface RollOptions {
  /** How many instances of each part there are. */
  readonly parts: Readonly<Record<string, number>>;
  /** Which of them are restarted, in this order; all when left out. */
  readonly restarted?: readonly string[];
  /** Requests a second. */
  readonly rate: number;
  /** Subscriptions to the progress of cases, each over a connection of its own. */
  readonly subscriptions: number;
  readonly print: (line: string) => void;
}

export interface RollReport {
  readonly requests: number;
  readonly failures: readonly Failure[];
  readonly accepted: number;
  readonly events: number;
  /** Subscriptions that were taken up again. */
  readonly returns: number;
  readonly p50: number;
  readonly p99: number;
}

/** Every part in two, so that one can be away. */
export const IN_TWO = { registry: 2, catalog: 2, acceptance: 2, supervision: 2, drug: 2, housing: 2, gateway: 2 } as const;

/** Milliseconds for which a part that is told to stop still answers, so that those who ask it learn of it. */
const DRAIN = 1_000;
/** Milliseconds a balancer spares an instance that failed (`fail_timeout`), and some: so long it has to be back before the next one stops. */
const SPARED = 2_000;

/**
 * Restarts every instance of every part of a province, one after the other, as an upgrade does, while clients come at a
 * steady rate and others watch.
 * @throws Error when an accepted case or an event was lost, or a part did not end as it should
 */
export async function roll({ parts, restarted, rate, subscriptions, print }: RollOptions): Promise<RollReport> {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'acceptance-rolling-'));
  stack.defer(() => rm(directory, { recursive: true, force: true }));
  const unlimited = { GATEWAY_RATE_PER_IDENTITY: '0', GATEWAY_RATE_PER_ADDRESS: '0', GATEWAY_CONNECTIONS_PER_IDENTITY: '0' };
  // whether anybody is failed is asked here, and not how busy this machine is
  const patient = { GATEWAY_FETCH_TIMEOUT_MS: '25000' };
  const province = stack.use(await Province.start({ directory, parts, env: { ...unlimited, ...patient, DRAIN_DELAY_MS: String(DRAIN) } }));
  const { topology } = province;
  const graph = await province.front();
  const items = await offeredItems(graph, province.departments);
  const watchers = Array.from({ length: subscriptions }, (_, n) =>
    stack.use(new ProgressWatcher(graph, INTERESTS[n % INTERESTS.length] as Interest, 'websocket')),
  );
  const load = stack.use(new OpenLoad({ graph, items, rate }));
  await eventually(async () => (load.accepted.length > 0 ? true : undefined), 'a first case is accepted').catch((error: unknown) => {
    throw new Error(
      load.failures
        .slice(0, 5)
        .map(({ what, reason }) => `${what}: ${reason}`)
        .join('\n'),
      { cause: error },
    );
  });
  for (const name of restarted ?? topology.names) {
    const [failed, from] = [load.failures.length, performance.now()];
    const code = await topology.part(name).kill('SIGTERM');
    if (code !== 0) throw new Error(`${name} ended with ${code}:\n${topology.part(name).log.slice(-20).join('\n')}`);
    const stopped = performance.now();
    const part = await topology.start(name);
    const ready = new URL('/health/ready', part.url);
    await eventually(async () => (await fetch(ready).catch(() => undefined))?.ok || undefined, `${name} is ready again`);
    const back = performance.now();
    await pause(SPARED);
    print(
      `${name}: stopped in ${seconds(stopped - from)} s, ready again in ${seconds(back - stopped)} s; failed meanwhile: ${load.failures.length - failed}`,
    );
    for (const [reason, all] of Object.entries(Object.groupBy(load.failures.slice(failed), ({ what, reason: why }) => `${what}: ${why}`)))
      print(`  ${all?.length} × ${reason}`);
  }
  await load[Symbol.asyncDispose]();
  const { accepted, events } = await judge(province, load, watchers);
  return {
    requests: load.count,
    failures: load.failures,
    accepted,
    events,
    returns: watchers.reduce((sum, { returns }) => sum + returns, 0),
    p50: load.quantile(0.5),
    p99: load.quantile(0.99),
  };
}

const seconds = (ms: number) => (ms / 1_000).toFixed(1);
