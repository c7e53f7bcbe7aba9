import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { registerMetrics } from '../../subgraphs/kit/observability/metrics-route.js';
import { overloadMetrics } from '../../subgraphs/kit/observability/overload-metrics.js';
import { createMetrics } from '../../subgraphs/kit/observability/process-metrics.js';
import { RequestMetrics } from '../../subgraphs/kit/observability/request-metrics.js';
import { Drain } from '../../subgraphs/kit/server/drain.js';
import { Overload, type OverloadBounds } from '../../subgraphs/kit/server/overload.js';
import { openTraces, type TraceSettings } from '../../subgraphs/kit/traces/traces.js';
import { actionOf } from '../audit/audited-operations.js';
import type { AskedBy, GatewayAudit } from '../audit/gateway-audit.js';
import { type AuthorizationTable, grantsOf, type PolicyHook } from '../authorization/grants.js';
import { SubgraphClient, type SubgraphClientOptions } from '../fetching/subgraph-client.js';
import { Admission } from '../limits/admission.js';
import type { OperationLimits } from '../limits/operation-limits.js';
import type { TrustedDocuments } from '../limits/trusted-documents.js';
import { FetchMetrics } from '../observability/fetch-metrics.js';
import { registerHealth } from '../observability/health.js';
import type { Logger } from '../observability/logger.js';
import { costHistogram, countLostRecords, drainingMetric, requiredMetrics } from '../observability/metrics.js';
import { PlanMetrics } from '../observability/plan-metrics.js';
import { type RequiredSubgraphs, RequiredWatch } from '../observability/required-watch.js';
import { operationOf } from '../planning/operation-outline.js';
import { clientAddress } from '../security/client-address.js';
import { type ClientIdentity, everybodyAnonymous } from '../security/client-identity.js';
import { OriginPolicy } from '../security/origin-policy.js';
import { RateLimits, type RateSettings } from '../security/rate-limits.js';
import { ClientOperations } from '../subscriptions/client-operations.js';
import { LiveMetrics } from '../subscriptions/live-metrics.js';
import { SubscriptionEngine, type SubscriptionRequest } from '../subscriptions/subscription-engine.js';
import { type ClientLimits, ConnectionCounter, DEFAULT_LIMITS } from '../subscriptions/transports/connection-limits.js';
import { serveSockets } from '../subscriptions/transports/socket-server.js';
import { StreamServer } from '../subscriptions/transports/stream-server.js';
import { UpstreamSockets } from '../subscriptions/upstream-sockets.js';
import type { CostLimit, GenerationOptions } from '../supergraph/generation.js';
import { Generations } from '../supergraph/generations.js';
import { supergraphMetrics } from '../supergraph/supergraph-metrics.js';
import type { SupergraphSource } from '../supergraph/supergraph-source.js';
import { UNNAMED_CLIENT } from '../usage/client-name.js';
import type { UsageCounter } from '../usage/usage-counter.js';
import { createFederatedApollo } from './federated-apollo.js';
import { registerGraphqlRoute } from './graphql-route.js';
import { createHttpApp } from './http-app.js';
import { registerLandingPage } from './landing-page.js';

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process has that port; choose a free one, or 0 for any',
  EACCES: 'this user may not open that port; choose one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'this machine has no such address',
};

/** How live subscriptions behave. Durations are milliseconds. */
export interface SubscriptionSettings extends Partial<ClientLimits> {
  /** Events that may wait to be completed for one operation, and results for one slow client; 256 by default. */
  readonly queueLimit?: number;
  /** Bytes of events that may wait for one operation; 16 MiB by default. */
  readonly pendingBytes?: number;
  /** For how long clients that take nothing are waited for where nobody else waits with them; 10,000 by default. */
  readonly stallMs?: number;
  /** For how long a lost upstream is sought again before clients are told; 60,000 by default. */
  readonly resumeForMs?: number;
  /** What clients are then told: the end of their streams, or a status while it is sought on. `end` by default. */
  readonly onLoss?: 'end' | 'status';
  /** How long one event may take to be completed; what is missing then is told in its result. As a request's by default. */
  readonly completionMs?: number;
  /** Whether streams without `@eventCursor` are shared as well. True by default. */
  readonly shareUnmarked?: boolean;
  /** Between pings, to clients and upstreams. */
  readonly keepAliveMs?: number;
}

export interface AuthorizationOptions {
  /** Scopes and policies that come with roles. */
  readonly table?: AuthorizationTable | undefined;
  /** Decides policies instead of the table. */
  readonly policyHook?: PolicyHook | undefined;
  /** Refuses an operation as a whole when its caller may not read all of it. */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** What clients may send, and how often. */
export interface ProtectionOptions {
  readonly limits?: Partial<OperationLimits> | undefined;
  /** The only documents that may run. */
  readonly trusted?: TrustedDocuments | undefined;
  readonly cost?: CostLimit | undefined;
  /** Absent: as often as they like. */
  readonly rates?: RateSettings | undefined;
  /** Origins besides the gateway's own whose pages may ask; `*` for all. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** Proxies whose word about a client's address is taken. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Keeps guesses at names out of errors, and tells browsers to come by TLS only. */
  readonly production?: boolean | undefined;
  /** Whether `/` says how to ask. True by default. */
  readonly landingPage?: boolean | undefined;
}

export interface GatewayOptions {
  readonly supergraph: SupergraphSource;
  readonly logger: Logger;
  readonly host?: string;
  /** 0 (default) lets the system choose. */
  readonly port?: number;
  /** Absent: everybody is anonymous. */
  readonly identity?: ClientIdentity | undefined;
  /** Absent: subgraphs are asked without a token. */
  readonly internalTokens?: InternalTokens | undefined;
  /** Counts what clients use. */
  readonly usage?: UsageCounter | undefined;
  readonly fetching?: Omit<SubgraphClientOptions, 'logger' | 'internalTokens'>;
  /** Milliseconds; fetches still under way are then given up. 30,000 by default. */
  readonly requestTimeoutMs?: number;
  /** Bytes of a request body or a socket message. 1 MiB by default. */
  readonly bodyLimit?: number;
  /** Whether clients may read the schema. True by default. */
  readonly introspection?: boolean;
  /** Milliseconds for which requests under way may go on after disposal began. 5,000 by default. */
  readonly drainMs?: number;
  /** How guards of fields (`@authenticated`, `@requiresScopes`, `@policy`) turn out. */
  readonly authorization?: AuthorizationOptions | undefined;
  readonly protection?: ProtectionOptions | undefined;
  /** How often the subgraphs that have to be there for `/health/ready` are asked, in milliseconds, and which; absent: none is. */
  readonly required?: RequiredSubgraphs | undefined;
  readonly subscriptions?: SubscriptionSettings;
  /** Where refusals and mutations are recorded; absent: nowhere. Whoever gave it disposes of it, after the gateway. */
  readonly audit?: GatewayAudit | undefined;
  /** Where it counts what it does; of its own when left out. */
  readonly metrics?: Registry | undefined;
  /** Who sends it may read `/metrics`; without it, whoever asks directly from within. */
  readonly metricsToken?: string | undefined;
  /** Milliseconds for which it still answers once it is told to stop; 0 by default. */
  readonly drainDelayMs?: number | undefined;
  /** From where on new requests are turned away; none when left out. */
  readonly overload?: OverloadBounds | undefined;
  /** Where spans go; nothing is recorded when left out. */
  readonly traces?: TraceSettings | undefined;
}

export interface RunningGateway extends AsyncDisposable {
  /** Where the graph is: `<origin>/graphql`; ws:// for sockets. */
  readonly url: string;
  readonly origin: string;
}

/**
 * Serves a supergraph: queries and mutations over HTTP, everything over graphql-transport-ws, on one port. Resolves when
 * it listens, which with a registry that is down may be before there is a schema (`/health/ready` tells).
 * @throws CataloguedError CONFIGURATION_INVALID when a fixed supergraph can't be served, or the address is not to be had.
 */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  // read by Apollo's packages whenever they load
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
  const { supergraph, logger, host = '127.0.0.1', port = 0, identity = everybodyAnonymous, internalTokens, introspection = true } = options;
  const {
    requestTimeoutMs = 30_000,
    bodyLimit = 1_048_576,
    drainMs = 5_000,
    subscriptions = {},
    authorization = {},
    protection = {},
  } = options;
  const { audit } = options;
  const { production = false } = protection;
  const admission = new Admission(protection);
  const origins = new OriginPolicy(protection.corsOrigins);
  const addressOf = clientAddress(protection.trustedProxies ?? []);
  const grantsFor = (caller: Pick<Caller, 'subject' | 'roles' | 'scopes'>) =>
    grantsOf(caller, authorization.table, authorization.policyHook);
  const { keepAliveMs, queueLimit } = subscriptions;
  const limits: ClientLimits = { ...DEFAULT_LIMITS, ...(queueLimit !== undefined && { queueCount: queueLimit }), ...subscriptions };
  const registry = options.metrics ?? createMetrics({ service: 'gateway', ownProcess: true });
  const requests = new RequestMetrics(registry, 'gateway');
  const fetches = new FetchMetrics(registry);
  const plans = new PlanMetrics(registry);
  const metrics = new LiveMetrics(registry);
  const drain = new Drain(options.drainDelayMs ?? 0);
  let started = false;

  await using cleanup = new AsyncDisposableStack();
  const traces = options.traces && cleanup.use(await openTraces(options.traces, 'gateway'));
  const overload = cleanup.use(new Overload(options.overload ?? { lagMs: 0, inFlight: 0 }));
  overloadMetrics(registry, overload);
  const rates = cleanup.use(new RateLimits(protection.rates ?? { perIdentity: 0, perAddress: 0 }));
  const client = cleanup.use(new SubgraphClient({ observer: fetches, ...options.fetching, logger, internalTokens }));
  const upstreams = cleanup.use(new UpstreamSockets({ internalTokens, ...(keepAliveMs !== undefined && { keepAliveMs }) }));
  const { usage } = options;
  const observe: GenerationOptions['observe'] =
    usage && (({ document, operationName, client = UNNAMED_CLIENT }, schema) => usage.count(document, operationName, schema, client));
  const generations = new Generations({
    logger,
    generation: { observe, plans, rejectUnauthorized: authorization.rejectUnauthorized, cost: protection.cost },
    onSwap: (next) => federated.swap(next),
    onSwapped: () => engine.swapped(),
    onRetire: (urls) => client.keepOnly(urls),
  });
  fetches.endpoints = () => client.states();
  plans.watch(registry, generations);
  const fetcherFor = client.fetcher.bind(client);
  const engine = cleanup.use(
    new SubscriptionEngine({
      completionMs: requestTimeoutMs,
      ...subscriptions,
      generations,
      sockets: upstreams,
      fetcherFor,
      logger,
      traces,
      metrics,
      grantsFor,
      onSubscribed: (error) => requests.count('subscription', error),
      onCut: audit && ((request) => audit.refused(undefined, askedBy(request), 'UNAUTHORIZED_FIELD_OR_TYPE')),
    }),
  );
  metrics.gauges = engine;

  const app = createHttpApp({
    requests,
    logger,
    bodyLimit,
    arrivalTimeoutMs: requestTimeoutMs,
    trustedProxies: protection.trustedProxies,
    strictTransport: production,
    traces,
    onFault: (error, code, { id, ip, routeOptions }) => {
      if (routeOptions.url === '/graphql') requests.count('none', { extensions: { code } });
      audit?.refused(error, { requestId: id, address: ip }, code);
    },
  });
  drain.watch(app);
  cleanup.defer(() => app.close());
  const federated = createFederatedApollo({
    generations,
    fetcherFor,
    httpServer: app.server,
    introspection,
    grantsFor,
    costLimit: protection.cost?.limit,
    observeCost: costHistogram(registry),
    batches: admission.limits.batch > 0,
    hideSuggestions: production,
    persistedQueries: protection.trusted === undefined,
    drainMs,
    requests,
    logger,
    traces,
    audit,
  });
  const apollo = () => (started ? federated.apollo : undefined);
  cleanup.defer(async () => {
    if (started) await federated.apollo.stop();
  });
  const operations = new ClientOperations({
    generations,
    engine,
    apollo,
    admission,
    overload,
    requestTimeoutMs,
    hideSuggestions: production,
    logger,
  });
  const counter = new ConnectionCounter(limits.connectionsPerIdentity);
  const live = { identity, operations, metrics, limits, counter, rates, overload, audit, keepAliveMs };
  const streams = cleanup.use(new StreamServer(live));
  const version = () => generations.current?.generation.version;
  registerGraphqlRoute(app, { identity, admission, origins, rates, overload, audit, apollo, version, streams, requestTimeoutMs, logger });
  supergraphMetrics(registry, generations, supergraph);
  if (audit !== undefined) countLostRecords(registry, audit);
  drainingMetric(registry, () => drain.active);
  registerMetrics(app, { registry, token: options.metricsToken });
  const watch = options.required && cleanup.use(new RequiredWatch({ ...options.required, generations, fetcherFor, logger }));
  if (watch !== undefined) requiredMetrics(registry, watch);
  registerHealth(app, { generations, source: supergraph, draining: () => drain.active, required: watch });
  if (protection.landingPage ?? true) registerLandingPage(app);
  cleanup.use(serveSockets({ ...live, server: app.server, logger, maxMessageSize: bodyLimit, origins, addressOf }));

  // whoever spreads requests by nothing but whether a connection is taken finds a gateway that can answer
  cleanup.use(
    await supergraph.follow(async (document, origin) => {
      const problem = await generations.offer(document, origin);
      if (problem === undefined && !started) {
        await federated.apollo.start();
        started = true;
      }
      return problem;
    }),
  );
  const origin = await listen(app, host, port);
  cleanup.defer(() => drain.begin(app.server));
  logger.info({ origin }, 'the gateway listens');

  const running = cleanup.move();
  return { url: `${origin}/graphql`, origin, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

function askedBy({ document, operationName, context: { caller } }: SubscriptionRequest): AskedBy {
  return { caller, requestId: caller.requestId, action: actionOf(operationOf(document, operationName), document) };
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    const reason = LISTEN_FAILURES[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new CataloguedError('CONFIGURATION_INVALID', `GATEWAY_HOST and GATEWAY_PORT are ${host} and ${port}: ${reason}`);
  }
}
