import 'reflect-metadata';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import { EventFeed } from '../../kit/feed/event-feed.js';
import { publicAddress } from '../../kit/registration/public-address.js';
import { type RunningSubgraph, serveSubgraph } from '../../kit/server/serve-subgraph.js';
import { type SubgraphEnvironment, wakeUpFor } from '../../kit/server/subgraph-environment.js';
import { openStore } from '../../kit/store/open-store.js';
import { storeAddress } from '../../kit/store/store-address.js';
import { hashOf } from './publications.js';
import { REGISTRY, Registrar } from './registrar.js';
import { type RegistryContext, registryContext } from './registry-context.js';
import { registrySchema } from './schema.js';
import { REGISTRY_STORE } from './tables.js';

export { registrySchema };

export interface RegistryOptions {
  /** The platform subgraphs without which there is no graph; the registry itself need not be named. */
  readonly expectedPlatform: readonly string[];
}

/** Starts the registry, which registers itself first. A restart on the same store serves the graph that was in force. */
export async function startRegistry(env: SubgraphEnvironment, { expectedPlatform }: RegistryOptions): Promise<RunningSubgraph> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(await openStore(storeAddress(env.storeUrl, REGISTRY), REGISTRY_STORE));
  const wakeUp = starting.use(wakeUpFor(env, REGISTRY));
  const feed = await EventFeed.open(store, { wakeUp });
  const registrar = await Registrar.open({ feed, clock: env.clock, log: env.log, expectedPlatform: [REGISTRY, ...expectedPlatform] });
  const { schema, sdl } = await registrySchema();
  const server = starting.use(
    await serveSubgraph<RegistryContext>({
      name: REGISTRY,
      schema,
      context: (caller) => registryContext({ caller, store, feed, registrar }),
      verifier: env.verifier,
      log: env.log,
      host: env.host,
      port: env.port,
    }),
  );
  try {
    await registrar.register({ kind: 'platform', name: REGISTRY, sdl, sdlHash: hashOf(sdl), ...publicAddress(env.publicUrl, server) });
  } catch (error) {
    // the graph in force serves on, and those who register next may mend it
    if (!(error instanceof CataloguedError)) throw error;
    env.log.error({ code: error.code, problems: error.extensions['problems'] }, 'the registry does not compose with what is registered');
  }
  const running = starting.move();
  const { name, url, subscriptionUrl } = server;
  return { name, url, subscriptionUrl, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
