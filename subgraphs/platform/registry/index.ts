import 'reflect-metadata';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { PLATFORM_PARTY } from '../../kit/exchange/exchange-keys.js';
import { EventFeed } from '../../kit/feed/event-feed.js';
import { Leadership } from '../../kit/leases/leadership.js';
import { createMetrics } from '../../kit/observability/process-metrics.js';
import { publicAddress } from '../../kit/registration/public-address.js';
import { openEvidence } from '../../kit/server/evidence.js';
import { type RunningSubgraph, serveSubgraph } from '../../kit/server/serve-subgraph.js';
import { type SubgraphEnvironment, wakeUpFor } from '../../kit/server/subgraph-environment.js';
import { openStore } from '../../kit/store/open-store.js';
import { storeAddress } from '../../kit/store/store-address.js';
import type { Composer } from './composing/composer.js';
import { inlineComposer } from './composing/inline-composer.js';
import { endpointMetrics } from './drift/endpoint-metrics.js';
import { EndpointWatch } from './drift/endpoint-watch.js';
import { publicKeyRoutes } from './public-keys.js';
import { hashOf } from './publications.js';
import { type LiveEndpoints, NetworkEndpoints } from './publishing/live-check.js';
import { Publisher } from './publishing/publisher.js';
import { Registrar } from './registrar.js';
import { type RegistryContext, registryContext } from './registry-context.js';
import { REGISTRY, RegistryCore } from './registry-core.js';
import { registrySchema } from './schema.js';
import { REGISTRY_STORE } from './tables.js';
import { keepForgetting } from './usage/forgetting.js';

export { registrySchema };

export interface RegistryOptions {
  /** The platform subgraphs without which there is no graph; the registry itself need not be named. */
  readonly expectedPlatform: readonly string[];
  /** How departments' endpoints are asked; over the network when left out. */
  readonly endpoints?: LiveEndpoints | undefined;
  /** Where schemas are composed; disposed of with the registry. In the registry's own thread when left out. */
  readonly composer?: Composer | undefined;
  /** Milliseconds between two looks at every department's endpoint; a minute when left out. */
  readonly endpointIntervalMs?: number | undefined;
  /** Days for which a use of a field counts; 30 when left out. */
  readonly usageWindowDays?: number | undefined;
}

export interface RunningRegistry extends RunningSubgraph {
  /** Looks at every department's endpoint now. */
  lookAtEndpoints(): Promise<void>;
}

/** Starts the registry, which registers itself first. A restart on the same store serves the graph that was in force. */
export async function startRegistry(env: SubgraphEnvironment, options: RegistryOptions): Promise<RunningRegistry> {
  const { expectedPlatform, endpoints = new NetworkEndpoints(env.tokens), endpointIntervalMs = 60_000, usageWindowDays = 30 } = options;
  const { clock, log, metrics = createMetrics({ service: REGISTRY }) } = env;
  await using starting = new AsyncDisposableStack();
  const composer = starting.use(options.composer ?? inlineComposer());
  const store = starting.use(await openStore(storeAddress(env.storeUrl, REGISTRY), REGISTRY_STORE, undefined, env.storeLimits));
  const wakeUp = starting.use(wakeUpFor(env, REGISTRY));
  const feed = await EventFeed.open(store, { wakeUp });
  const core = await RegistryCore.open({
    feed,
    clock,
    log,
    expectedPlatform: [REGISTRY, ...expectedPlatform],
    endpoints,
    composer,
    usageWindowDays,
  });
  endpointMetrics(metrics, store);
  const parts = { store, feed, core, registrar: new Registrar(core), publisher: new Publisher(core) };
  // a department that registers signs for itself
  const mustBeSigned = (mutation: string) => mutation === 'registerDepartment';
  const evidence = starting.use(openEvidence(env, { name: REGISTRY, party: PLATFORM_PARTY, mustBeSigned }));
  const { schema, sdl } = await registrySchema();
  const server = starting.use(
    await serveSubgraph<RegistryContext>({
      name: REGISTRY,
      schema,
      context: (caller) => registryContext({ ...parts, caller }),
      verifier: env.verifier,
      log,
      metrics,
      metricsToken: env.metricsToken,
      drainDelayMs: env.drainDelayMs,
      overload: env.overload,
      traces: env.traces,
      store,
      feed,
      evidence,
      routes: publicKeyRoutes(env),
      host: env.host,
      port: env.port,
    }),
  );
  try {
    const own = { kind: 'platform', name: REGISTRY, sdl, sdlHash: hashOf(sdl), ...publicAddress(env.publicUrl, server) } as const;
    await parts.registrar.register(own, `platform:${REGISTRY}`);
  } catch (error) {
    // the graph in force serves on, and those who register next may mend it
    if (!(error instanceof CataloguedError)) throw error;
    log.error({ code: error.code, problems: error.extensions['problems'] }, 'the registry does not compose with what is registered');
  }
  const watch = starting.use(new EndpointWatch({ store, endpoints, clock, log }));
  const lead = async () => {
    const led = new AsyncDisposableStack();
    led.use(watch.every(endpointIntervalMs));
    led.use(keepForgetting({ store, usedSince: core.usedSince, log }));
    return led;
  };
  starting.use(await Leadership.start({ store, name: REGISTRY, lead, log }));
  const running = starting.move();
  const { name, url, subscriptionUrl } = server;
  return { name, url, subscriptionUrl, lookAtEndpoints: () => watch.look(), [Symbol.asyncDispose]: () => running.disposeAsync() };
}
