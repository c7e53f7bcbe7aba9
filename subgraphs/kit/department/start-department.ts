import { EventFeed } from '../feed/event-feed.js';
import { FeedRetention } from '../feed/retention.js';
import { Leadership } from '../leases/leadership.js';
import { Rekeying } from '../privacy/rekeying.js';
import { registerDepartment } from '../registration/register-department.js';
import { openEvidence } from '../server/evidence.js';
import { type RunningSubgraph, serveSubgraph } from '../server/serve-subgraph.js';
import { type SubgraphEnvironment, wakeUpFor } from '../server/subgraph-environment.js';
import { openStore, type Store } from '../store/open-store.js';
import { storeAddress } from '../store/store-address.js';
import { caseLoaders } from './case-loaders.js';
import type { DepartmentDefinition } from './definition.js';
import type { DepartmentContext } from './department-context.js';
import { departmentSchema } from './department-schema.js';
import { departmentStore } from './department-store.js';

export interface RunningDepartment extends RunningSubgraph {
  readonly store: Store;
  readonly feed: EventFeed;
  /** Fulfilled once the registry has taken the department; rejected when it refuses it. The department serves either way. */
  readonly registered: Promise<void>;
}

/** Starts a department's subgraph, and registers it in the background when the environment has a registry. */
export async function startDepartment<L>(env: SubgraphEnvironment, definition: DepartmentDefinition<L>): Promise<RunningDepartment> {
  const { code, name, affiliation, extension } = definition;
  const items = new Map(definition.items.map((item) => [item.code, item]));
  if (items.size < definition.items.length) throw new Error(`two items of ${code} have the same code`);
  await using stack = new AsyncDisposableStack();
  const { schema, sdl } = await departmentSchema(definition);
  const store = stack.use(await openStore(storeAddress(env.storeUrl, code), departmentStore(extension), env.personalData, env.storeLimits));
  const feed = await EventFeed.open(store, { wakeUp: stack.use(wakeUpFor(env, code)) });
  const { log, clock, feedRetention: policy = {} } = env;
  const lead = async (): Promise<AsyncDisposable> => {
    const work = new AsyncDisposableStack();
    work.use(new FeedRetention({ feed, policy, clock, log }));
    work.use(new Rekeying(store, env.personalData, log));
    return work;
  };
  stack.use(await Leadership.start({ store, name: code, lead, log }));
  // whatever changes a case comes from the platform, which signs for itself and for the officers it lets in
  const evidence = stack.use(openEvidence(env, { name: code, party: code, mustBeSigned: () => true }));
  const server = stack.use(
    await serveSubgraph<DepartmentContext<L>>({
      name: code,
      schema,
      context: (caller) => {
        const em = store.fork();
        const own = extension?.loaders(em) as L;
        return { caller, department: definition, items, em, loaders: caseLoaders(em), own, feed, clock: env.clock };
      },
      verifier: env.verifier,
      log,
      metrics: env.metrics,
      metricsToken: env.metricsToken,
      drainDelayMs: env.drainDelayMs,
      overload: env.overload,
      traces: env.traces,
      store,
      feed,
      personalData: env.personalData,
      evidence,
      host: env.host,
      port: env.port,
    }),
  );
  const { url, subscriptionUrl } = server;
  const registration = stack.use(
    registerDepartment({ ...env, log, sender: evidence.sender }, { code, name, affiliation, sdl, url, subscriptionUrl }),
  );
  const running = stack.move();
  return {
    name: code,
    url,
    subscriptionUrl,
    store,
    feed,
    registered: registration.done,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
