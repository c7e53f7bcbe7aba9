import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { Child, type Usage } from '../subscriptions/child.js';
import { PAGE, SUBGRAPHS } from './graph.js';
import { type GatewayKind, peersAreThere } from './kinds.js';
import { ask, CONNECTIONS, load } from './load.js';
import { onCoreOfItsOwn, onOtherCores } from './one-core.js';

const ROUNDS = 5;
/** Seconds under load before anything is measured: compilers take that long to settle. */
const WARM_UP = 10;

interface Round {
  readonly perSecond: number;
  readonly perCpuSecond: number;
  readonly p99: number;
  /** Subgraph calls per page. */
  readonly calls: number;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const spread = (values: readonly number[]): string => `${Math.min(...values).toFixed(2)}-${Math.max(...values).toFixed(2)}`;

/**
 * The nested page through this gateway, through others, and through no gateway at all, in turns within one run. Each gateway has
 * a core of its own, everybody else the other one. Answers are compared before anything is timed; nobody shares in-flight
 * requests, as the calls per page show. Only ratios per second of CPU mean anything.
 */
export async function benchSpeed(args: readonly string[]): Promise<void> {
  const seconds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 6);
  const only = args
    .find((arg) => arg.startsWith('--only='))
    ?.slice('--only='.length)
    .split(',');
  await using stack = new AsyncDisposableStack();
  const subgraphs = stack.use(new Child('../speed/subgraphs.js'));
  const urls = await subgraphs.ask<Record<string, string>>('start');
  const { supergraphSdl: supergraph } = composeServices(
    SUBGRAPHS.map(({ name, sdl }) => ({ name, url: urls[name] as string, typeDefs: parse(sdl) })),
  );
  if (supergraph === undefined) throw new Error('the graph of the benchmark does not compose');
  const all: GatewayKind[] = ['ours', 'apollo', ...(peersAreThere() ? (['hive', 'hive-rust'] as const) : []), 'floor'];
  const kinds = all.filter((kind) => kind === 'ours' || only === undefined || only.includes(kind));
  if (!peersAreThere()) console.log('for Hive Gateway beside it: npm install --prefix test/bench/peers');
  const bodies = [JSON.stringify({ query: PAGE })];
  const [body = ''] = bodies;
  const pinned = onOtherCores(process.pid) && onOtherCores(subgraphs.pid);
  let page = '';
  let requests: unknown[] = [];
  const gateways: { kind: GatewayKind; url: string; child: Child; rounds: Round[] }[] = [];
  for (const kind of kinds) {
    const child = stack.use(new Child('../speed/gateways.js'));
    if (pinned) onCoreOfItsOwn(child.pid);
    const url = await child.ask<string>('start', { kind, supergraph, urls, requests, page });
    const answered = await ask(url, body);
    if (kind === 'ours') page = answered;
    else if (canonical(answered) !== canonical(page)) throw new Error(`${kind} answers something else`);
    await load(url, bodies, WARM_UP);
    if (kind === 'ours') {
      // the floor asks what a request asks under load, where more of it travels together
      await subgraphs.ask('record');
      await load(url, bodies, 1);
      requests = await subgraphs.ask<unknown[]>('recorded');
    }
    gateways.push({ kind, url, child, rounds: [] });
  }
  console.log(
    `${(page.length / 1_000).toFixed(0)} kB a page, ${CONNECTIONS} connections, ${ROUNDS} rounds of ${seconds} s, Node ${process.version}, ${pinned ? 'one core for the gateway' : 'cores shared'}`,
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const { url, child, rounds } of gateways) {
      const before = await child.ask<number>('cpu');
      const asked = await subgraphs.ask<number>('calls');
      const { done, elapsed, p99 } = await load(url, bodies, seconds);
      const calls = ((await subgraphs.ask<number>('calls')) - asked) / done;
      const cpu = (await child.ask<number>('cpu')) - before;
      rounds.push({ perSecond: done / elapsed, perCpuSecond: done / cpu, p99, calls });
    }
  }
  const [own] = gateways;
  if (own !== undefined && args.includes('--profile')) {
    await own.child.ask('profileStart');
    await load(own.url, bodies, seconds);
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
        kind === 'ours' ? '' : `  ours: ${median(ratios).toFixed(2)} × (${spread(ratios)})`,
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
