import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { addressesOf } from '../../../subgraphs/kit/server/address-list.js';
import { readSettings } from '../../config/read-settings.js';
import { partStatus } from '../status/part-status.js';
import { problemsOf } from '../status/problems.js';
import { statusPage } from '../status/status-page.js';
import { type Command, UsageError } from './command.js';

export const statusCommand: Command = {
  name: 'status',
  summary: 'shows how the whole system is, what is wrong first',
  usage: 'status [--url <address>…] [--token <token>] [--json]',
  help: `Asks gateways and subgraphs for /health/ready and /metrics: who answers, how fast, stores, registration, the graph in service, breakers,
feeds and how far they are behind, cases on their way to departments. Nothing of it is personal.

--url names a gateway or a subgraph; several with commas, or given several times. Without it: ACCEPTANCE_GRAPH, and what
REGISTRY_URL, CATALOG_URL and ACCEPTANCE_URL name. Of a subgraph that is not named there is what gateways see of it. With
REDIS_URL, Redis is asked too. --token (or METRICS_TOKEN) is for parts that show /metrics to its bearers alone.

  npx acceptance status
  npx acceptance status --url http://gateway-1:4000,http://gateway-2:4000 --url http://acceptance:4103 --json

Exit codes: 0 nothing is down; 1 something is down, or can't be seen; 2 asked wrongly.`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { url: { type: 'string', multiple: true }, token: { type: 'string' }, json: { type: 'boolean', default: false } },
    });
    const { subgraphs, commands } = readSettings(process.env, 'commands');
    const { registryUrl, catalogUrl, acceptanceUrl, redisUrl, metricsToken } = subgraphs;
    const named = values.url ?? [commands.graphUrl, registryUrl, catalogUrl, acceptanceUrl].filter((url) => url !== undefined);
    const origins = [...new Set(named.flatMap((list) => addressesOf(list)).map(originOf))];
    const [parts, redis] = await Promise.all([
      Promise.all(origins.map((origin) => partStatus(origin, values.token ?? metricsToken))),
      redisUrl === undefined ? undefined : redisAnswers(redisUrl),
    ]);
    const problems = problemsOf(parts);
    if (redis === false)
      problems.unshift({ level: 'down', where: 'Redis', what: 'it does not answer: what is live is up to a second late' });
    if (values.json) console.log(JSON.stringify({ problems, parts, redis: redis ?? null }));
    else console.log(statusPage(parts, problems, redis, process.stdout.isTTY && process.env['NO_COLOR'] === undefined));
    return problems.some(({ level }) => level !== 'late') ? 1 : 0;
  },
};

function originOf(address: string): string {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url is an http:// or https:// address, and "${address}" is none`);
  return url.origin;
}

async function redisAnswers(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 3_000,
    commandTimeout: 3_000,
  });
  redis.on('error', () => {});
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
