import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { demoPeople } from '../../gateway/main/demo/people.js';
import { startDemo } from '../../gateway/main/demo/start-demo.js';
import { partOf } from '../support/processes.js';
import { Province } from './province.js';

const HELP = `npm run topology [-- options]

Starts the whole province on this machine as docker/compose.yaml does in containers: MariaDB, Redis, nginx (where it is
installed), every part as a process, two of what runs in two. Ctrl-C stops everything.

  --store URL    STORE_URL to use instead of a MariaDB of its own
  --redis URL    REDIS_URL to use instead of a Redis of its own
  --data DIR     where keys, data and logs are kept; a temporary directory, removed in the end, when left out
  --seed         the demonstration's cases
  --json         one line of JSON when it is ready, for scripts`;

const { values } = parseArgs({
  options: {
    store: { type: 'string' },
    redis: { type: 'string' },
    data: { type: 'string' },
    seed: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const begun = performance.now();
  await using stack = new AsyncDisposableStack();
  const directory = values.data ?? (await mkdtemp(join(tmpdir(), 'acceptance-topology-')));
  if (values.data === undefined) stack.defer(() => rm(directory, { recursive: true, force: true }));
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.resolve());

  const province = stack.use(await Province.start({ directory, storeUrl: values.store, redisUrl: values.redis }));
  const { topology, departments, graphs, logs } = province;
  const demoIssuer = province.graph.issuer;
  const people = await Promise.all(
    demoPeople(departments).map(async (person) => ({ ...person, token: await demoIssuer.issue(person.subject, person.roles) })),
  );
  const seconds = Number(((performance.now() - begun) / 1_000).toFixed(1));
  const parts = topology.names.map((name) => ({ name, url: topology.part(name).url, pid: topology.part(name).pid }));
  if (values.seed)
    stack.use((await startDemo({ gateway: { url: province.graph.url() }, demoIssuer, subgraphs: demoGround(topology.names) })) ?? NOTHING);
  const gateways = graphs.map((graph) => graph.url());
  const front = (await province.front()).url();
  if (values.json) {
    const tokens = Object.fromEntries(people.map(({ key, token }) => [key, token]));
    const stores = { store: topology.env['STORE_URL'], redis: topology.env['REDIS_URL'] };
    console.log(JSON.stringify({ seconds, front, gateways, parts, ...stores, directory, logs, tokens }));
  } else {
    for (const { name, url, pid } of parts) console.log(`  ${name.padEnd(14)} ${url.padEnd(38)} process ${pid}`);
    console.log(`\none address for clients: ${front}${province.nginx === undefined ? ' (no nginx here)' : ' (nginx)'}`);
    console.log('\n演示令牌 demonstration tokens:');
    for (const { title, roles, token } of people) console.log(`  ${title} (${roles.join(', ')})\n    ${token}`);
    console.log(`\nlogs in ${logs}`);
    console.log(`ready in ${seconds} s; Ctrl-C stops`);
  }
  await stopped.promise;
  if (!values.json) console.log('stopping');
  await topology.stop();
}

const NOTHING: AsyncDisposable = { async [Symbol.asyncDispose]() {} };

/** Each part once, however many instances it has. */
function demoGround(names: readonly string[]): { name: string }[] {
  return [...new Set(names.map(partOf))].filter((name) => name !== 'gateway').map((name) => ({ name }));
}

if (values.help) console.log(HELP);
else await main();
