import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { Pool } from 'undici';
import { Child, type Usage } from '../subscriptions/child.js';
import { PAGE, SUBGRAPHS } from './graph.js';
import { type GatewayKind, peersAreThere } from './kinds.js';

const CONNECTIONS = 50;
const ROUNDS = 3;

interface Round {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly p99: number;
  /** Subgraph calls per page. */
  readonly calls: number;
}

/** Sends the page over fifty connections until time is up. */
async function load(url: string, seconds: number): Promise<{ done: number; elapsed: number; p99: number }> {
  const { origin, pathname } = new URL(url);
  await using pool = Object.assign(new Pool(origin, { connections: CONNECTIONS }), {
    [Symbol.asyncDispose]: async () => pool.destroy(),
  });
  const body = JSON.stringify({ query: PAGE });
  const latencies: number[] = [];
  const started = performance.now();
  const until = started + seconds * 1_000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const sent = performance.now();
        const { statusCode, body: answered } = await pool.request({
          method: 'POST',
          path: pathname,
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body,
        });
        await answered.dump();
        if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`);
        latencies.push(performance.now() - sent);
      }
    }),
  );
  latencies.sort((a, b) => a - b);
  return {
    done: latencies.length,
    elapsed: (performance.now() - started) / 1_000,
    p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
  };
}

async function pageOf(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: PAGE }),
  });
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return JSON.stringify({ data });
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const spread = (values: readonly number[]): string => `${Math.min(...values).toFixed(1)}-${Math.max(...values).toFixed(1)}`;

/**
 * The nested page through this gateway, through others, and through no gateway at all, in turns within one run. Answers are
 * compared before anything is timed; nobody shares in-flight requests. Only ratios per second of CPU mean anything.
 */
export async function benchSpeed(args: readonly string[]): Promise<void> {
  const seconds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5);
  await using stack = new AsyncDisposableStack();
  const subgraphs = stack.use(new Child('../speed/subgraphs.js'));
  const urls = await subgraphs.ask<Record<string, string>>('start');
  const { supergraphSdl: supergraph } = composeServices(
    SUBGRAPHS.map(({ name, sdl }) => ({ name, url: urls[name] as string, typeDefs: parse(sdl) })),
  );
  if (supergraph === undefined) throw new Error('the graph of the benchmark does not compose');
  const kinds: GatewayKind[] = ['ours', 'apollo', ...(peersAreThere() ? (['hive', 'hive-rust'] as const) : []), 'floor'];
  if (!peersAreThere()) console.log('for Hive Gateway beside it: npm install --prefix test/bench/peers');
  let page = '';
  let requests: unknown[] = [];
  const gateways: { kind: GatewayKind; url: string; child: Child; rounds: Round[] }[] = [];
  for (const kind of kinds) {
    const child = stack.use(new Child('../speed/gateways.js'));
    const url = await child.ask<string>('start', { kind, supergraph, urls, requests, page });
    await pageOf(url);
    if (kind === 'ours') await subgraphs.ask('record');
    const answered = await pageOf(url);
    if (kind === 'ours') {
      page = answered;
      requests = await subgraphs.ask<unknown[]>('recorded');
    } else if (canonical(answered) !== canonical(page)) throw new Error(`${kind} answers something else`);
    gateways.push({ kind, url, child, rounds: [] });
  }
  console.log(
    `${(page.length / 1_000).toFixed(0)} kB a page, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${seconds} s, Node ${process.version}`,
  );
  for (const { url } of gateways) await load(url, 3);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { url, child, rounds } of gateways) {
      const before = await child.ask<number>('cpu');
      const asked = await subgraphs.ask<number>('calls');
      const { done, elapsed, p99 } = await load(url, seconds);
      const calls = ((await subgraphs.ask<number>('calls')) - asked) / done;
      const cpu = (await child.ask<number>('cpu')) - before;
      rounds.push({ perSecond: done / elapsed, perCpuSecond: done / cpu, p99, calls });
    }
  }
  const [own] = gateways;
  if (own !== undefined && args.includes('--profile')) {
    await own.child.ask('profileStart');
    await load(own.url, seconds);
    console.log(await own.child.ask<string>('profileStop'));
  }
  for (const { kind, child, rounds } of gateways) {
    const ratios = rounds.map(({ perCpuSecond }, index) => (own?.rounds[index]?.perCpuSecond ?? Number.NaN) / perCpuSecond);
    const { rss } = await child.ask<Usage>('usage');
    console.log(
      [
        kind.padEnd(10),
        `${median(rounds.map(({ perSecond }) => perSecond)).toFixed(0)}/s`.padStart(8),
        `${median(rounds.map(({ perCpuSecond }) => perCpuSecond)).toFixed(0)}/CPU s`.padStart(12),
        `${(1_000 / median(rounds.map(({ perCpuSecond }) => perCpuSecond))).toFixed(2)} ms CPU`.padStart(13),
        `p99 ${median(rounds.map(({ p99 }) => p99)).toFixed(0)} ms`.padStart(13),
        `${median(rounds.map(({ calls }) => calls)).toFixed(1)} calls`.padStart(12),
        `${(rss / 1_048_576).toFixed(0)} MiB`.padStart(9),
        kind === 'ours' ? '' : `  ours: ${median(ratios).toFixed(1)} × (${spread(ratios)})`,
      ].join(' '),
    );
  }
}

/** Keys may come in any order; JSON of ours has them as asked. */
function canonical(text: string): string {
  return JSON.stringify(JSON.parse(text), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
