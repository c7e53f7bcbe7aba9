import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { offeredItems } from '../support/case-work.js';
import { eventually, Graph } from '../support/graph.js';
import { NginxProcess, nginxInstalled } from '../support/nginx-process.js';
import { OwnMariaDb } from '../support/own-mariadb.js';
import { OwnRedis } from '../support/own-redis.js';
import { Topology } from '../support/processes.js';

/** As many of each part as docker/compose.yaml has. */
export const PROVINCE = {
  registry: 1,
  catalog: 1,
  acceptance: 2,
  supervision: 1,
  drug: 2,
  transport: 1,
  housing: 1,
  gateway: 2,
} as const satisfies Readonly<Record<string, number>>;

const PLATFORM = new Set(['registry', 'catalog', 'acceptance', 'supervision', 'gateway']);

export interface ProvinceOptions {
  /** How many of each part; {@link PROVINCE} when left out. */
  readonly parts?: Readonly<Record<string, number>>;
  /** `STORE_URL`; a MariaDB of its own when left out. */
  readonly storeUrl?: string | undefined;
  /** `REDIS_URL`; a Redis of its own when left out. */
  readonly redisUrl?: string | undefined;
  /** Where everything is kept; removed in the end only by whoever made it. */
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly own?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Called when addresses are known, and before anything starts. */
  readonly begun?: (topology: Topology) => void;
}

/** The whole province as processes: stores, Redis, every part in as many instances as it runs with. */
export class Province implements AsyncDisposable {
  private constructor(
    readonly topology: Topology,
    readonly departments: readonly string[],
    readonly mariadb: OwnMariaDb | undefined,
    readonly redis: OwnRedis | undefined,
    readonly nginx: NginxProcess | undefined,
    readonly graphs: readonly Graph[],
    readonly stack: AsyncDisposableStack,
  ) {}

  /** Resolves when every gateway is ready and every department's items are on offer. */
  static async start({ parts = PROVINCE, storeUrl, redisUrl, directory, env, own, begun }: ProvinceOptions): Promise<Province> {
    await using stack = new AsyncDisposableStack();
    await mkdir(directory, { recursive: true });
    const [mariadb, redis] = await Promise.all([
      storeUrl === undefined ? OwnMariaDb.start(directory) : undefined,
      redisUrl === undefined ? OwnRedis.start(directory) : undefined,
    ]);
    if (mariadb !== undefined) stack.use(mariadb);
    if (redis !== undefined) stack.use(redis);
    const stores = { STORE_URL: storeUrl ?? mariadb?.url() ?? '', REDIS_URL: redisUrl ?? redis?.url ?? '' };
    const topology = stack.use(
      await Topology.of({
        parts,
        directory,
        env: { ...stores, ...env },
        ...(own !== undefined && { own }),
        ...(begun !== undefined && { begun }),
      }),
    );
    const departments = Object.keys(parts).filter((name) => !PLATFORM.has(name));
    const graphs = await Promise.all(topology.instances('gateway').map((name) => Graph.open(() => topology.part(name).url, directory)));
    const hosts = (part: string) => topology.instances(part).map((name) => `127.0.0.1:${topology.portOf(name)}`);
    const nginx = nginxInstalled
      ? stack.use(
          await NginxProcess.start({ directory: join(directory, 'nginx'), gateways: hosts('gateway'), acceptance: hosts('acceptance') }),
        )
      : undefined;
    const province = new Province(topology, departments, mariadb, redis, nginx, graphs, stack.move());
    await province.ready();
    return province;
  }

  /** Clients in front of the first gateway. */
  get graph(): Graph {
    return this.graphs[0] as Graph;
  }

  /** Clients in front of all gateways, as nginx spreads them; in front of the first one where there is no nginx. */
  front(): Promise<Graph> {
    const { origin } = this.nginx ?? {};
    return origin === undefined ? Promise.resolve(this.graph) : Graph.open(() => `${origin}/graphql`, this.topology.directory);
  }

  /** The logs of all parts. */
  get logs(): string {
    return join(this.topology.directory, 'logs');
  }

  async ready(): Promise<void> {
    await Promise.all(
      this.graphs.map(async (graph) => {
        const health = new URL('/health/ready', graph.url());
        await eventually(async () => ((await fetch(health)).ok ? true : undefined), `${health.href} says yes`);
        await offeredItems(graph, this.departments);
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}
