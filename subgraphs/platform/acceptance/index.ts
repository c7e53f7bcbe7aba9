import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CalendarBook } from '../../kit/calendar/calendar-book.js';
import { loggableError } from '../../kit/errors/loggable-error.js';
import { PLATFORM_PARTY } from '../../kit/exchange/exchange-keys.js';
import { FeedConsumer } from '../../kit/feed/consumer.js';
import { EventFeed } from '../../kit/feed/event-feed.js';
import { graphqlSource } from '../../kit/feed/graphql-source.js';
import { FeedProjection } from '../../kit/feed/projection.js';
import { FeedRetention } from '../../kit/feed/retention.js';
import { generateInternalKeys, type InternalKeys } from '../../kit/identity/internal-keys.js';
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
import { transaction } from '../../kit/store/transaction.js';
import { CaseOwners } from './access/case-owners.js';
import { DossierSealer } from './archive/dossier-sealer.js';
import { NoticeKeeper } from './calendar/notice-keeper.js';
import { CertificateSeal } from './certificates/certificate-seal.js';
import { type AcceptanceContext, acceptanceContext } from './context.js';
import { DeemedAcceptanceTimer } from './decision/deemed-acceptance-timer.js';
import { settlePendingDeemedDates } from './decision/pending-deemed-dates.js';
import { settlePendingDueDates } from './decision/pending-due-dates.js';
import { DispatchMetrics } from './dispatch/dispatch-metrics.js';
import { DispatchQueue } from './dispatch/dispatch-queue.js';
import { Dispatcher } from './dispatch/dispatcher.js';
import { receiveCaseAtDepartment } from './dispatch/receive-case.js';
import { tracedDispatch } from './dispatch/traced-dispatch.js';
import { FileLinks } from './files/file-links.js';
import { fileRoutes } from './files/file-routes.js';
import { FileStore, type FileStoreSettings } from './files/file-store.js';
import type { VirusScan } from './files/virus-scan.js';
import { DepartmentFollowers } from './following/department-followers.js';
import { applyRegistryEvent, DEPARTMENT_EVENTS, type RegistryEvent } from './following/department-projection.js';
import { applyCatalogEvent, type CatalogEvent, ITEM_EVENTS } from './following/item-projection.js';
import { beginInbox, projectInbox } from './inbox/project-inbox.js';
import type { Ledger } from './ledger.js';
import { PLATFORM } from './platform-caller.js';
import { acceptanceSchema } from './schema.js';
import { LEDGER_STORE } from './store/definition.js';
import { departments } from './store/tables.js';
import { NO_SHARED_SOURCE, type SharedSource } from './submission/shared-source.js';
import { type AcceptanceTiming, DEFAULT_TIMING } from './timing.js';

export { acceptanceSchema } from './schema.js';

const NAME = 'acceptance';

export interface AcceptanceOptions {
  /** The catalogue's address; its items are what can be applied for. */
  catalog: { url: string; subscriptionUrl: string };
  timing?: Partial<AcceptanceTiming>;
  /** Where files are kept; beside an embedded store, or in a temporary place, when left out. */
  files?: FileStoreSettings;
  /** The address under which clients reach this process for files; where it listens, when left out. */
  filesUrl?: string | undefined;
  /** With which certificates and dossiers are signed; made for this process alone when left out, so nothing outlives it. */
  certificateKeys?: InternalKeys;
  virusScan?: VirusScan;
  sharedSource?: SharedSource;
}

export interface RunningAcceptance extends RunningSubgraph {
  readonly store: Store;
  /** Fulfilled once the registry has taken the ledger; rejected when it refuses it. The ledger serves either way. */
  readonly registered: Promise<void>;
}

/**
 * Starts the provincial ledger. Nothing but its own store has to be up: it goes on with what it learnt of departments and
 * items before, keeps what it can't hand over, and follows whoever comes back.
 */
export async function startAcceptance(env: SubgraphEnvironment, options: AcceptanceOptions): Promise<RunningAcceptance> {
  const timing = { ...DEFAULT_TIMING, ...options.timing };
  await using started = new AsyncDisposableStack();
  const { log, metrics = createMetrics({ service: NAME }) } = env;
  const onFault = (error: unknown) => log.error({ err: loggableError(error) }, 'unexpected error');
  const store = started.use(await openStore(storeAddress(env.storeUrl, NAME), LEDGER_STORE, env.personalData, env.storeLimits));
  const wakeUp = started.use(wakeUpFor(env, NAME));
  const feed = await EventFeed.open(store, { wakeUp });
  const book = new CalendarBook(env.calendar);
  await book.read(store.fork());
  const inbox = started.use(
    new FeedProjection({
      feed,
      name: 'inbox',
      begin: (tx) => beginInbox(tx, book.current),
      apply: (tx, events) => projectInbox(tx, events, book.current),
      onFailure: onFault,
    }),
  );
  const certificateSeal = await CertificateSeal.of(options.certificateKeys ?? (await generateInternalKeys()));
  const files = await FileStore.open(options.files ?? (await besideStore(env.storeUrl, started)), {
    store,
    personalData: env.personalData,
  });
  let filesUrl = options.filesUrl?.replace(/\/+$/, '');
  const ledger: Ledger = {
    store,
    feed,
    get calendar() {
      return book.current;
    },
    inbox,
    clock: env.clock,
    log,
    owners: new CaseOwners(store),
    personalData: env.personalData,
    sharedSource: options.sharedSource ?? NO_SHARED_SOURCE,
    files,
    links: new FileLinks(() => filesUrl ?? '', certificateSeal.linkSecret, env.clock),
    virusScan: options.virusScan,
    certificateSeal,
    timing,
  };
  await settlePendingDueDates(ledger);
  await settlePendingDeemedDates(ledger);
  started.use(await NoticeKeeper.start(ledger, book, onFault));

  const evidence = started.use(openEvidence(env, { name: NAME, party: PLATFORM_PARTY }));
  const { schema, sdl } = await acceptanceSchema();
  const server = started.use(
    await serveSubgraph<AcceptanceContext>({
      name: NAME,
      schema,
      context: (caller) => acceptanceContext(ledger, caller),
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
      routes: fileRoutes(ledger, env.verifier, NAME),
    }),
  );
  filesUrl ??= new URL(server.url).origin;

  const queue = new DispatchQueue(store, timing.dispatchLease);
  const dispatchMetrics = new DispatchMetrics(metrics, queue);
  const receiveCase = receiveCaseAtDepartment({
    tokens: env.tokens,
    sender: evidence.sender,
    urlOf: async (code) => (await store.fork().findOne(departments, code))?.url,
    materialUrl: (id) => `${ledger.links.origin}/materials/${id}`,
    timeout: timing.receiveTimeout,
  });
  const dispatcher = started.use(
    new Dispatcher({
      queue,
      receiveCase:
        server.traces === undefined ? receiveCase : tracedDispatch(receiveCase, server.traces, (number) => feed.originOf(number)),
      clock: env.clock,
      backoff: timing.dispatchBackoff,
      pollInterval: timing.dispatchPoll,
      onFailure: (failure) => log.warn(failure, 'a case could not be handed over; trying again'),
      onAttempt: (department, outcome) => dispatchMetrics.attempted(department, outcome),
      onFault,
    }),
  );
  // a case is accepted with an event, so whatever wakes followers of the feed wakes the dispatcher too
  started.defer(wakeUp.listen(() => dispatcher.wake()));

  const leads = async (fence: Fence): Promise<AsyncDisposable> => {
    await using work = new AsyncDisposableStack();
    work.use(new FeedRetention({ feed, policy: env.feedRetention ?? {}, clock: env.clock, log }));
    work.use(new Rekeying(store, env.personalData, log));
    const timer = work.use(
      new DeemedAcceptanceTimer({
        ledger,
        pollInterval: timing.timerPoll,
        onAccepted: (caseNumber) => log.warn({ caseNumber }, 'nothing was told in time: deemed accepted'),
        onFault,
      }),
    );
    work.defer(wakeUp.listen(() => timer.wake()));
    work.use(new DossierSealer({ ledger, pollInterval: timing.timerPoll, onFault }));
    const followers = work.use(
      new DepartmentFollowers({
        ledger,
        fence,
        tokens: env.tokens,
        backoff: timing.feedBackoff,
        patience: timing.socket,
        onBack: (code) => void dispatcher.departmentIsBack(code),
        onRegistered: (code) => void dispatcher.departmentIsNew(code),
      }),
    );
    await followers.refresh();
    if (env.registry !== undefined)
      work.use(followRegistry(env, ledger, env.registry, { timing, fence, changed: () => void followers.refresh() }));
    work.use(followCatalog(env, ledger, options.catalog, { timing, fence }));
    return work.move();
  };
  started.use(await Leadership.start({ store, name: NAME, lead: leads, log, ttl: timing.leaseTtl }));
  const registration = started.use(registerPlatform({ ...env, metrics, sender: evidence.sender }, { ...server, name: NAME, sdl }));

  const running = started.move();
  const { name, url, subscriptionUrl } = server;
  return { name, url, subscriptionUrl, store, registered: registration.done, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** Where files go without a setting: beside an embedded store, which lasts as long as they do; else nowhere that lasts. */
async function besideStore(storeUrl: string, started: AsyncDisposableStack): Promise<FileStoreSettings> {
  const address = storeAddress(storeUrl, NAME);
  if (address.kind === 'file') return { kind: 'disk', directory: join(dirname(address.path), 'files') };
  const directory = await mkdtemp(join(tmpdir(), 'acceptance-files-'));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  return { kind: 'disk', directory };
}

/** What the work of the one instance that leads is begun with. */
interface Led {
  readonly timing: AcceptanceTiming;
  readonly fence: Fence;
}

/** Keeps the departments as the registry tells of them. */
function followRegistry(
  { tokens }: SubgraphEnvironment,
  { store, log }: Ledger,
  { subscriptionUrl }: { subscriptionUrl: string },
  { timing, fence, changed }: Led & { readonly changed: () => void },
): FeedConsumer<RegistryEvent> {
  return new FeedConsumer<RegistryEvent>({
    store,
    source: graphqlSource({
      name: 'registry:departments',
      url: () => subscriptionUrl,
      query: DEPARTMENT_EVENTS,
      authorization: () => tokens.authorization('registry', { ...PLATFORM, requestId: randomUUID() }),
    }),
    backoff: timing.feedBackoff,
    fence,
    async run(em, work) {
      await transaction(em, (tx) => work(tx, neverAppends));
      changed();
    },
    apply: applyRegistryEvent,
    onFailure: (error) => log.warn({ err: loggableError(error) }, 'the registry broke off; following it again'),
    onRewound: (rewound) =>
      log.error(rewound, 'the registry does not know the events that the ledger applied last; nothing of it is applied'),
    onRefused: (event, reason) => log.error({ event: event.id, reason }, 'an event of the registry has no effect'),
  });
}

/** Keeps the items as the catalogue tells of them. */
function followCatalog(
  { tokens }: SubgraphEnvironment,
  { store, log }: Ledger,
  { subscriptionUrl }: { subscriptionUrl: string },
  { timing, fence }: Led,
): FeedConsumer<CatalogEvent> {
  return new FeedConsumer<CatalogEvent>({
    store,
    source: graphqlSource({
      name: 'catalog:items',
      url: () => subscriptionUrl,
      query: ITEM_EVENTS,
      authorization: () => tokens.authorization('catalog', { ...PLATFORM, requestId: randomUUID() }),
    }),
    backoff: timing.feedBackoff,
    fence,
    apply: applyCatalogEvent,
    onFailure: (error) => log.warn({ err: loggableError(error) }, 'the catalogue broke off; following it again'),
    onRewound: (rewound) =>
      log.error(rewound, 'the catalogue does not know the events that the ledger applied last; nothing of it is applied'),
    onRefused: (event, reason) => log.error({ event: event.id, reason }, 'an event of the catalogue has no effect'),
  });
}

async function neverAppends(): Promise<void> {
  throw new Error("the departments are the registry's to tell of");
}
