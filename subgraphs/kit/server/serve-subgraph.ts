import { ApolloServer, type BaseContext } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import fastifyApollo from '@as-integrations/fastify';
import Fastify, { type FastifyInstance } from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { auditMutations } from '../audit/audited-mutations.js';
import type { CataloguedError } from '../errors/catalogued-error.js';
import { loggableError } from '../errors/loggable-error.js';
import { neutralError } from '../errors/neutral-error.js';
import type { EventFeed } from '../feed/event-feed.js';
import type { Caller } from '../identity/caller.js';
import type { InternalTokenVerifier } from '../identity/internal-tokens.js';
import { readOne } from '../observability/instruments.js';
import { registerMetrics } from '../observability/metrics-route.js';
import { overloadMetrics } from '../observability/overload-metrics.js';
import { createMetrics } from '../observability/process-metrics.js';
import { RequestMetrics } from '../observability/request-metrics.js';
import { storesOf, subgraphMetrics } from '../observability/subgraph-metrics.js';
import type { PersonalDataKeys } from '../privacy/personal-data-keys.js';
import { scopeRequests, watchOperations } from '../requests/scoped-requests.js';
import { watchResolvers } from '../requests/watch-resolvers.js';
import type { Store } from '../store/open-store.js';
import { openTraces, type TraceSettings, type Traces } from '../traces/traces.js';
import { Drain } from './drain.js';
import type { Evidence } from './evidence.js';
import { feedStates } from './feed-states.js';
import { Overload, type OverloadBounds } from './overload.js';
import { RequestGuard } from './request-guard.js';
import { serveSockets } from './serve-sockets.js';

/** Bytes. A dispatch with all materials of a large case is far below. */
const BODY_LIMIT = 4 * 1024 * 1024;

export interface SubgraphServerOptions<TContext extends BaseContext> {
  /** The audience its internal tokens must name. */
  name: string;
  schema: GraphQLSchema;
  /** Called once per request and once per subscription event, so that no event sees another's identity map. */
  context: (caller: Caller) => TContext;
  /** Checks internal tokens; nobody else is answered. */
  verifier: InternalTokenVerifier;
  log: Logger;
  metrics?: Registry | undefined;
  metricsToken?: string | undefined;
  /** Milliseconds for which it still answers once it is told to stop; 0 by default. */
  drainDelayMs?: number | undefined;
  /** From where on new requests are turned away; none by default. */
  overload?: OverloadBounds | undefined;
  /** Where its spans go; nothing is recorded by default. */
  traces?: TraceSettings | undefined;
  /** What is told of at `/metrics`, where there is one. */
  store?: Store | undefined;
  feed?: EventFeed | undefined;
  personalData?: PersonalDataKeys | undefined;
  /** Records mutations and refusals, and checks signatures; without it neither is done. */
  evidence?: Evidence | undefined;
  host?: string | undefined;
  /** 0 (default) lets the system choose. */
  port?: number | undefined;
  /** What it serves beside GraphQL, such as files; registered in a scope of its own, which guards itself. */
  routes?: ((app: FastifyInstance) => Promise<void>) | undefined;
}

export interface RunningSubgraph extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly subscriptionUrl: string;
  /** What it records beside requests goes there; undefined: nothing is recorded. */
  readonly traces?: Traces | undefined;
}

/** Serves a subgraph over HTTP and graphql-transport-ws on one port, and drains both on disposal. */
export async function serveSubgraph<TContext extends BaseContext>(options: SubgraphServerOptions<TContext>): Promise<RunningSubgraph> {
  const { name, schema, context, verifier, log, evidence, host = '127.0.0.1', port = 0, routes } = options;
  const { metrics = createMetrics({ service: name }), metricsToken } = options;
  const requests = new RequestMetrics(metrics, 'subgraph');
  const report = (error: unknown) => log.error({ err: loggableError(error) }, 'unexpected error');
  // longer than the gateway keeps a connection idle, so that it is never closed under a request
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: 65_000,
    forceCloseConnections: true,
    // a caller that offers HTTP/2 in clear text with its request is answered in HTTP/1.1 (RFC 9110 §7.8)
    http: { shouldUpgradeCallback: ({ headers }) => /^websocket$/i.test(headers.upgrade ?? '') },
  });
  const drain = new Drain(options.drainDelayMs ?? 0);
  drain.watch(app);
  const overload = new Overload(options.overload ?? { lagMs: 0, inFlight: 0 });
  app.addHook('preHandler', async ({ method, routeOptions: { url }, body }, reply) => {
    if (url !== '/graphql' || method === 'OPTIONS' || isHealthQuestion(body)) return;
    try {
      reply.raw.once('close', overload.enter());
    } catch (error) {
      const { message, extensions } = error as CataloguedError;
      const { http: _, ...told } = extensions;
      await reply
        .code(503)
        .header('retry-after', String(told['retryAfter']))
        .send({ errors: [{ message, extensions: told }] });
    }
  });
  const traces = options.traces && (await openTraces(options.traces, name));
  scopeRequests(app, traces);
  watchResolvers(schema);
  const sockets = serveSockets({ name, server: app.server, schema, context, verifier, report, evidence });
  const guard = evidence === undefined ? undefined : new RequestGuard<TContext>(evidence, report);
  guard?.keepBodies(app);
  if (guard !== undefined) auditMutations(schema, (context) => guard.requestOf(context));
  const apollo = new ApolloServer<TContext>({
    schema,
    includeStacktraceInErrorResponses: false,
    // whoever started the process decides when it stops; Apollo would send the signal a second time
    stopOnTerminationSignals: false,
    introspection: true,
    persistedQueries: false,
    csrfPrevention: false,
    formatError: (formatted, error) => neutralError(formatted, error, report),
    plugins: [
      // not fastifyApolloDrainPlugin: that one waits ten seconds for every idle keep-alive connection
      ApolloServerPluginDrainHttpServer({ httpServer: app.server, stopGracePeriodMillis: 5_000 }),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      { serverWillStart: async () => ({ drainServer: () => sockets.dispose() }) },
      watchOperations<TContext>(),
      ...(guard?.plugins() ?? []),
      requests.plugin<TContext>(),
    ],
    logger: log,
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    path: '/graphql',
    context: async (request) => {
      const { headers } = request;
      try {
        const established = await verifier.verify(headers.authorization, name);
        const caller = { ...established, requestId: String(headers['x-request-id'] ?? established.requestId) };
        const made = context(caller);
        await guard?.receive(request, caller, made);
        return made;
      } catch (error) {
        await guard?.refused(error, headers['x-request-id']).catch(report);
        if (error instanceof GraphQLError)
          // a store that is down says nothing of who asks: it is an answer like any other, which callers pass on
          throw new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status: ofStore(error) ? 200 : 401 } } });
        throw error;
      }
    },
  });
  app.addHook('onRequest', async (_request, { raw }) => {
    raw.once('close', requests.begin());
  });
  subgraphMetrics(metrics, options);
  overloadMetrics(metrics, overload);
  readOne(metrics, 'acceptance_subgraph_subscriptions', () => sockets.open);
  registerMetrics(app, { registry: metrics, token: metricsToken });
  if (routes !== undefined) await app.register(routes);
  app.get('/health/live', async () => ({ status: 'live', name }));
  app.get('/health/ready', async (_request, reply) => {
    const stores = Object.fromEntries(
      await Promise.all(storesOf(options).map(async (one) => [one.name, (await one.store.answers()) ? 'up' : 'down'] as const)),
    );
    const ready = !drain.active && !Object.values(stores).includes('down');
    const feeds = ready && options.store !== undefined ? await feedStates(options.store) : {};
    return reply.code(ready ? 200 : 503).send({ ready, name, draining: drain.active, stores, feeds });
  });
  const origin = await app.listen({ port, host });
  return {
    name,
    traces,
    url: `${origin}/graphql`,
    subscriptionUrl: `${origin.replace(/^http/, 'ws')}/graphql`,
    async [Symbol.asyncDispose]() {
      await drain.begin(app.server);
      await apollo.stop();
      await app.close();
      overload[Symbol.dispose]();
      await traces?.[Symbol.asyncDispose]();
    },
  };
}

/** What gateways ask to learn whether it answers. */
function isHealthQuestion(body: unknown): boolean {
  return (body as { query?: unknown } | null | undefined)?.query === '{ __typename }';
}

const ofStore = ({ extensions: { code } }: GraphQLError) => code === 'STORE_UNAVAILABLE' || code === 'STORE_NOT_WRITABLE';
