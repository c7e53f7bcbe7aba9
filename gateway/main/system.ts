import type { Logger } from 'pino';
import { createMetrics } from '../../subgraphs/kit/observability/process-metrics.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import type { Settings } from '../config/read-settings.js';
import type { SubgraphSettings } from '../config/subgraph-settings.js';
import { openEnvironment } from './environment.js';
import { type GatewayProcess, startConfiguredGateway } from './gateway-process.js';
import { type StartedSubgraph, SUBGRAPHS } from './subgraph-table.js';

export interface RunningSystem extends AsyncDisposable, GatewayProcess {
  readonly subgraphs: readonly StartedSubgraph[];
}

/** Starts the platform, every department of this repository and the gateway in one process. */
export async function startSystem(settings: Pick<Settings, 'gateway' | 'subgraphs'>, logger: Logger): Promise<RunningSystem> {
  await using stack = new AsyncDisposableStack();
  // every subgraph listens where the system lets it, and tells the registry
  const environment = await openEnvironment({ ...settings.subgraphs, port: 0, publicUrl: undefined, drainDelayMs: 0 }, logger, 'system');
  const started: StartedSubgraph[] = [];
  const start = async (name: string, env: SubgraphEnvironment, more: Partial<SubgraphSettings> = {}) => {
    const known = SUBGRAPHS.find((subgraph) => subgraph.name === name);
    if (known === undefined) throw new Error(`no subgraph ${name}`);
    const subgraph = stack.use(
      await known.start(
        { ...env, log: logger.child({ subgraph: name }), metrics: createMetrics({ service: name }) },
        { ...settings.subgraphs, ...more },
      ),
    );
    started.push(subgraph);
    return subgraph;
  };

  const registry = await start('registry', environment);
  const env = { ...environment, registry: { url: registry.url, subscriptionUrl: registry.subscriptionUrl } };
  // whoever follows others starts after them and so stops before them
  for (const { name, kind } of SUBGRAPHS) if (kind === 'department') await start(name, env);
  const catalog = await start('catalog', env);
  const acceptance = await start('acceptance', env, { catalogUrl: catalog.url });
  await start('supervision', env, { catalogUrl: catalog.url, acceptanceUrl: acceptance.url });
  // a refusal stops the start: here, unlike in the province, all of them are ours
  await Promise.all(started.map(async ({ registered }) => registered));

  const { gateway, demoIssuer } = await startConfiguredGateway(
    { ...settings.gateway, registryUrl: registry.url, drainDelayMs: 0 },
    logger.child({ subgraph: 'gateway' }),
    env,
  );
  stack.use(gateway);
  const running = stack.move();
  return { gateway, demoIssuer, subgraphs: started, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
