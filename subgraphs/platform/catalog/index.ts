import 'reflect-metadata';
import { PLATFORM_PARTY } from '../../kit/exchange/exchange-keys.js';
import { EventFeed } from '../../kit/feed/event-feed.js';
import { Leadership } from '../../kit/leases/leadership.js';
import type { Fence } from '../../kit/leases/lease.js';
import { createMetrics } from '../../kit/observability/process-metrics.js';
import { registerPlatform } from '../../kit/registration/register-platform.js';
import { openEvidence } from '../../kit/server/evidence.js';
import { type RunningSubgraph, serveSubgraph } from '../../kit/server/serve-subgraph.js';
import { type SubgraphEnvironment, wakeUpFor } from '../../kit/server/subgraph-environment.js';
import { openStore } from '../../kit/store/open-store.js';
import { storeAddress } from '../../kit/store/store-address.js';
import { type CatalogContext, catalogContext } from './catalog-context.js';
import { Collector } from './collector.js';
import { declarationFetcher } from './fetch-declaration.js';
import { followDepartments } from './follow-departments.js';
import { catalogSchema } from './schema.js';
import { CATALOG_STORE } from './tables.js';

export { catalogSchema };

/** Its name in the supergraph and its tokens' audience. */
export const CATALOG = 'catalog';

const REFRESH_INTERVAL = 5 * 60_000;
const BACKOFF = { first: 1_000, most: 60_000 };
const DEPARTMENT_TIMEOUT = 10_000;

export interface CatalogOptions {
  /** Milliseconds between two requests to a department that answers; 5 minutes when left out. */
  readonly refreshInterval?: number;
  /** Milliseconds until a department, or the registry, that did not answer is asked again: the first time, and at most. */
  readonly backoff?: { readonly first: number; readonly most: number };
  /** Milliseconds a department has to answer in. */
  readonly departmentTimeout?: number;
}

export interface RunningCatalog extends RunningSubgraph {
  /** Fulfilled once the registry has taken the catalogue; rejected when it refuses it. The catalogue serves either way. */
  readonly registered: Promise<void>;
}

/** Starts the catalogue. It serves what it knows at once, and follows the registry and the departments when it has a registry. */
export async function startCatalog(env: SubgraphEnvironment, options: CatalogOptions = {}): Promise<RunningCatalog> {
  const { refreshInterval = REFRESH_INTERVAL, backoff = BACKOFF, departmentTimeout = DEPARTMENT_TIMEOUT } = options;
  await using starting = new AsyncDisposableStack();
  const store = starting.use(await openStore(storeAddress(env.storeUrl, CATALOG), CATALOG_STORE, undefined, env.storeLimits));
  const feed = await EventFeed.open(store, { wakeUp: starting.use(wakeUpFor(env, CATALOG)) });
  const { clock, log, metrics = createMetrics({ service: CATALOG }) } = env;
  const fetch = declarationFetcher(env.tokens, departmentTimeout);
  const collector = new Collector({ feed, fetch, clock, log, interval: refreshInterval, backoff });
  const evidence = starting.use(openEvidence(env, { name: CATALOG, party: PLATFORM_PARTY }));
  const { schema, sdl } = await catalogSchema();
  const server = starting.use(
    await serveSubgraph<CatalogContext>({
      name: CATALOG,
      schema,
      context: (caller) => catalogContext({ caller, store, feed, collector }),
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
      host: env.host,
      port: env.port,
    }),
  );
  starting.use(collector);
  const { registry } = env;
  const lead = async (fence: Fence): Promise<AsyncDisposable> => {
    await using work = new AsyncDisposableStack();
    work.use(await collector.goRound());
    if (registry !== undefined) {
      const onChange = () =>
        void collector.look().catch((error: unknown) => log.error({ err: error }, 'the departments could not be read'));
      work.use(followDepartments(store, { ...env, registry }, { fence, onChange, backoff }));
    }
    return work.move();
  };
  starting.use(await Leadership.start({ store, name: CATALOG, lead, log }));
  const { name, url, subscriptionUrl } = server;
  const registration = starting.use(registerPlatform({ ...env, metrics, sender: evidence.sender }, { name, url, subscriptionUrl, sdl }));
  const running = starting.move();
  return { name, url, subscriptionUrl, registered: registration.done, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
