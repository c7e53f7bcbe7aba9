import { PLATFORM_PARTY } from '../../kit/exchange/exchange-keys.js';
import { EventFeed } from '../../kit/feed/event-feed.js';
import { FeedRetention } from '../../kit/feed/retention.js';
import { Leadership } from '../../kit/leases/leadership.js';
import type { Fence } from '../../kit/leases/lease.js';
import { createMetrics } from '../../kit/observability/process-metrics.js';
import { Rekeying } from '../../kit/privacy/rekeying.js';
import { registerPlatform } from '../../kit/registration/register-platform.js';
import { openEvidence } from '../../kit/server/evidence.js';
import { type RunningSubgraph, serveSubgraph } from '../../kit/server/serve-subgraph.js';
import { type SubgraphEnvironment, wakeUpFor } from '../../kit/server/subgraph-environment.js';
import { openStore, type Store } from '../../kit/store/open-store.js';
import { storeAddress } from '../../kit/store/store-address.js';
import { alertMetrics } from './alerts/alert-metrics.js';
import { NoticeCalendar } from './calendar/notice-calendar.js';
import { DEFAULT_RULES, type SupervisionRules } from './configuration/supervision-rules.js';
import { type SupervisionContext, supervisionContext } from './context.js';
import { LEDGER_EVENTS, type LedgerEvent } from './facts/ledger-event.js';
import { follow, sourceName } from './following/follow.js';
import { type CatalogItemEvent, ITEM_EVENTS, keepItem } from './following/keep-item.js';
import { keepProblem, PROBLEM_EVENTS, type ProblemEvent } from './following/keep-problem.js';
import { LedgerReading } from './following/ledger-reading.js';
import { observeEvents } from './following/observe-events.js';
import { supervisionSchema } from './schema.js';
import { SUPERVISION_STORE } from './store/definition.js';
import type { Supervision } from './supervision.js';
import { DueTimer } from './timers/due-timer.js';
import { DEFAULT_TIMING, type SupervisionTiming } from './timing.js';

export { supervisionSchema } from './schema.js';

const NAME = 'supervision';
const LEDGER_FEED = { publisher: 'acceptance', feed: 'ledger' };

export interface SupervisionOptions {
  /** Where the ledger's feed is followed, and asked whether there is more. */
  readonly acceptance: { readonly url: string; readonly subscriptionUrl: string };
  /** Where the catalogue's feeds are followed. */
  readonly catalog: { readonly subscriptionUrl: string };
  readonly rules?: SupervisionRules;
  readonly timing?: Partial<SupervisionTiming>;
}

export interface RunningSupervision extends RunningSubgraph {
  readonly store: Store;
  /** Fulfilled once the registry has taken it; rejected when it refuses it. Supervision serves either way. */
  readonly registered: Promise<void>;
}

/**
 * Starts electronic supervision. Nothing but its own store has to be up: it goes on with what it knows of cases and items,
 * tells of what falls due, and follows the ledger and the catalogue when they come back.
 */
export async function startSupervision(env: SubgraphEnvironment, options: SupervisionOptions): Promise<RunningSupervision> {
  const { feedBackoff: backoff, duePoll, leaseTtl } = { ...DEFAULT_TIMING, ...options.timing };
  await using started = new AsyncDisposableStack();
  const { log, clock, tokens, metrics = createMetrics({ service: NAME }) } = env;
  const store = started.use(await openStore(storeAddress(env.storeUrl, NAME), SUPERVISION_STORE, env.personalData, env.storeLimits));
  const feed = await EventFeed.open(store, { wakeUp: started.use(wakeUpFor(env, NAME)) });
  const rules = options.rules ?? DEFAULT_RULES;
  const supervision: Supervision = { store, feed, calendar: new NoticeCalendar(env.calendar), rules, clock, log };

  const evidence = started.use(openEvidence(env, { name: NAME, party: PLATFORM_PARTY }));
  const { schema, sdl } = await supervisionSchema();
  const server = started.use(
    await serveSubgraph<SupervisionContext>({
      name: NAME,
      schema,
      context: (caller) => supervisionContext(supervision, caller),
      verifier: env.verifier,
      log,
      metrics,
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

  const { acceptance } = options;
  const reading = new LedgerReading({ supervision, tokens, url: acceptance.url, source: sourceName(LEDGER_FEED) });
  alertMetrics(metrics, store);
  const lead = async (fence: Fence): Promise<AsyncDisposable> => {
    await using work = new AsyncDisposableStack();
    work.use(new FeedRetention({ feed, policy: env.feedRetention ?? {}, clock, log }));
    work.use(new Rekeying(store, env.personalData, log));
    const timer = work.use(new DueTimer(supervision, duePoll, () => reading.caughtUp()));
    const catalog = { supervision, fence, tokens, backoff, publisher: 'catalog', url: options.catalog.subscriptionUrl };
    work.use(
      follow<CatalogItemEvent>({
        ...catalog,
        feed: 'items',
        query: ITEM_EVENTS,
        apply: (tx, append, event) => keepItem(tx, append, event, supervision),
        applied: () => timer.wake(),
      }),
    );
    work.use(
      follow<ProblemEvent>({
        ...catalog,
        feed: 'problems',
        query: PROBLEM_EVENTS,
        apply: (tx, append, event) => keepProblem(tx, append, event, supervision),
      }),
    );
    work.use(
      follow<LedgerEvent>({
        supervision,
        fence,
        tokens,
        backoff,
        ...LEDGER_FEED,
        url: acceptance.subscriptionUrl,
        query: LEDGER_EVENTS,
        apply: (tx, append, event) => observeEvents(tx, append, [event], supervision),
        applied: () => timer.wake(),
      }),
    );
    return work.move();
  };
  started.use(await Leadership.start({ store, name: NAME, lead, log, ttl: leaseTtl }));
  const registration = started.use(registerPlatform({ ...env, metrics, sender: evidence.sender }, { ...server, name: NAME, sdl }));

  const running = started.move();
  const { name, url, subscriptionUrl } = server;
  return { name, url, subscriptionUrl, store, registered: registration.done, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
