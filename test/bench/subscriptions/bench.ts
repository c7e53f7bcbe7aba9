import { Child, type Usage } from './child.js';
import { WITH_JOIN, WITHOUT_JOIN } from './graph.js';

const CLIENTS = 2_000;
const LOADERS = 2;
/** Events under way at a time. */
const WINDOW = 8;

interface Scenario {
  readonly name: string;
  client(index: number): { query: string; variables: Record<string, unknown> };
  /** The filter the event of a number goes to, and how many clients of each process get it. */
  filterOf(number: number): string;
  readonly each: number;
  /** At least how many times the plain server's deliveries per CPU second. */
  readonly goal: number | undefined;
}

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'the same view, one joined entity',
    client: () => ({ query: WITH_JOIN, variables: {} }),
    filterOf: () => '',
    each: CLIENTS / LOADERS,
    goal: 10,
  },
  {
    name: 'the same view, no join',
    client: () => ({ query: WITHOUT_JOIN, variables: {} }),
    filterOf: () => '',
    each: CLIENTS / LOADERS,
    goal: 4,
  },
  {
    name: '2,000 different filters, one joined entity',
    client: (index) => ({ query: WITH_JOIN, variables: { only: `f${index}` } }),
    filterOf: (number) => `f${number % CLIENTS}`,
    each: 1,
    goal: undefined,
  },
  {
    name: '200 different operations, one joined entity',
    client: (index) => ({ query: WITH_JOIN.replace('item {', `item { alias${index % 200}: name`), variables: {} }),
    filterOf: () => '',
    each: CLIENTS / LOADERS,
    goal: undefined,
  },
];

interface Measure {
  perSecond: number;
  perCpuSecond: number;
  p99: number;
  heapPerClient: number;
  rssPerClient: number;
  upstreams: number;
}

async function measure(scenario: Scenario, kind: 'gateway' | 'plain', seconds: number): Promise<Measure> {
  await using stack = new AsyncDisposableStack();
  const source = stack.use(new Child('./source.js'));
  const server = stack.use(new Child('./server.js'));
  const loaders = Array.from({ length: LOADERS }, () => stack.use(new Child('./load.js')));
  const urls = await source.ask('urls');
  const url = await server.ask<string>('start', { kind, urls });
  const clients = Array.from({ length: CLIENTS }, (_, index) => scenario.client(index));
  const share = CLIENTS / LOADERS;
  const distinct = new Set(clients.map(({ variables }) => JSON.stringify(variables))).size;
  const connectAll = async () => {
    await Promise.all(
      loaders.map((loader, index) => loader.ask('connect', { url, clients: clients.slice(index * share, (index + 1) * share) })),
    );
    await until(async () => (await source.ask<number>('subscribers')) >= distinct);
  };
  // by the system's pages, what as many again add: the first also pay for code and buffers that all use
  await connectAll();
  await settle();
  const first = await server.ask<Usage>('usage');
  await connectAll();
  await settle();
  const twice = await server.ask<Usage>('usage');
  await Promise.all(loaders.map((loader) => loader.ask('close')));
  await until(async () => kind === 'plain' || (await source.ask<number>('subscribers')) === 0);
  await settle();
  const before = await server.ask<Usage>('usage');
  await connectAll();
  await settle();
  const idle = await server.ask<Usage>('usage');

  const run = async (forMs: number) => {
    await Promise.all(loaders.map((loader) => loader.ask('expect', { each: scenario.each })));
    const needed = scenario.each === 1 ? 1 : LOADERS;
    const confirmations = new Map<number, number>();
    const finished = Promise.withResolvers<void>();
    const window = scenario.each === 1 ? 200 : WINDOW;
    let sent = 0;
    let open = 0;
    const until = performance.now() + forMs;
    const send = () => {
      while (performance.now() < until && open < window) {
        open++;
        sent++;
        void source.ask('publish', { number: sent, filter: scenario.filterOf(sent) });
      }
      if (performance.now() >= until && open === 0) finished.resolve();
    };
    for (const loader of loaders)
      loader.onEvent = (event) => {
        const { delivered, failed } = event as { delivered?: number; failed?: string };
        if (failed !== undefined) finished.reject(new Error(failed));
        if (delivered === undefined) return;
        const count = (confirmations.get(delivered) ?? 0) + 1;
        confirmations.set(delivered, count);
        if (count < needed) return;
        confirmations.delete(delivered);
        open--;
        send();
      };
    const cpuBefore = await server.ask<number>('cpu');
    const started = performance.now();
    // in case nothing is under way when time is up
    setTimeout(send, forMs + 1);
    send();
    await finished.promise;
    const elapsed = (performance.now() - started) / 1_000;
    const cpu = (await server.ask<number>('cpu')) - cpuBefore;
    const reports = await Promise.all(loaders.map((loader) => loader.ask<{ received: number; latencies: number[] }>('report')));
    const received = reports.reduce((sum, report) => sum + report.received, 0);
    const latencies = reports.flatMap((report) => report.latencies).sort((a, b) => a - b);
    return { received, elapsed, cpu, p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN };
  };
  await run(2_000);
  const { received, elapsed, cpu, p99 } = await run(seconds * 1_000);
  return {
    perSecond: received / elapsed,
    perCpuSecond: received / cpu,
    p99,
    heapPerClient: (idle.heap - before.heap) / CLIENTS,
    rssPerClient: (twice.rss - first.rss) / CLIENTS,
    upstreams: await source.ask<number>('subscribers'),
  };
}

/** Lets the server finish what it does about connections that came or went. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 1_000));

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 600) throw new Error('the clients were not subscribed in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const row = (label: string, { perSecond, perCpuSecond, p99, heapPerClient, rssPerClient, upstreams }: Measure): string =>
  [
    label.padEnd(12),
    `${Math.round(perSecond).toLocaleString('en')}/s`.padStart(12),
    `${Math.round(perCpuSecond).toLocaleString('en')}/CPU s`.padStart(16),
    `p99 ${p99.toFixed(0)} ms`.padStart(13),
    `${(heapPerClient / 1_000).toFixed(1)} kB heap`.padStart(14),
    `${(rssPerClient / 1_000).toFixed(1)} kB rss`.padStart(13),
    `${upstreams} upstreams`.padStart(16),
  ].join(' ');

/**
 * 2,000 clients of one process against graphql-ws' `useServer` executing per client. Machines and their neighbours differ:
 * only the ratios, per second of CPU that the server used, mean anything.
 */
export async function benchSubscriptions(args: readonly string[]): Promise<void> {
  const seconds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 8);
  const wanted = args.find((arg) => /^[a-z]/i.test(arg));
  console.log(
    `${CLIENTS} clients in ${LOADERS} load processes, ${seconds} s each; deliveries, per CPU second of the server, and per idle client`,
  );
  for (const scenario of SCENARIOS) {
    if (wanted !== undefined && !scenario.name.includes(wanted)) continue;
    console.log(`\n${scenario.name}`);
    const plain = await measure(scenario, 'plain', seconds);
    console.log(row('  per client', plain));
    const shared = await measure(scenario, 'gateway', seconds);
    console.log(row('  gateway', shared));
    const ratio = shared.perCpuSecond / plain.perCpuSecond;
    const goal = scenario.goal === undefined ? '' : `, goal ${scenario.goal} ×: ${ratio >= scenario.goal ? 'met' : 'MISSED'}`;
    console.log(`  ${ratio.toFixed(1)} × the deliveries per CPU second${goal}`);
  }
}
