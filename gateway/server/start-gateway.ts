import type { FastifyInstance } from 'fastify';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { SubgraphClient, type SubgraphClientOptions } from '../fetching/subgraph-client.js';
import { registerHealth } from '../observability/health.js';
import type { Logger } from '../observability/logger.js';
import { type ClientIdentity, everybodyAnonymous } from '../security/client-identity.js';
import { SocketOperations } from '../subscriptions/socket-operations.js';
import { serveSockets } from '../subscriptions/socket-server.js';
import { SubscriptionEngine } from '../subscriptions/subscription-engine.js';
import { UpstreamSockets } from '../subscriptions/upstream-sockets.js';
import { Generations } from '../supergraph/generations.js';
import type { SupergraphSource } from '../supergraph/supergraph-source.js';
import { createFederatedApollo } from './federated-apollo.js';
import { registerGraphqlRoute } from './graphql-route.js';
import { createHttpApp } from './http-app.js';
import { LANDING_PAGE } from './landing-page.js';

const LISTEN_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process has that port; choose a free one, or 0 for any',
  EACCES: 'this user may not open that port; choose one above 1023',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'this machine has no such address',
};

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
  readonly fetching?: Omit<SubgraphClientOptions, 'logger' | 'internalTokens'>;
  /** Milliseconds; fetches still under way are then given up. 30,000 by default. */
  readonly requestTimeoutMs?: number;
  /** Bytes of a request body or a socket message. 1 MiB by default. */
  readonly bodyLimit?: number;
  /** Whether clients may read the schema. True by default. */
  readonly introspection?: boolean;
  /** Milliseconds for which requests under way may go on after disposal began. 5,000 by default. */
  readonly drainMs?: number;
  readonly subscriptions?: {
    /** Events that may wait for one client; 256 by default. */
    readonly queueLimit?: number;
    /** Milliseconds for which a lost upstream is sought again; 60,000 by default. */
    readonly resumeForMs?: number;
    /** Milliseconds between pings, to clients and upstreams. */
    readonly keepAliveMs?: number;
  };
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
  const { requestTimeoutMs = 30_000, bodyLimit = 1_048_576, drainMs = 5_000, subscriptions = {} } = options;
  const { keepAliveMs } = subscriptions;
  let draining = false;
  let started = false;

  await using cleanup = new AsyncDisposableStack();
  const client = cleanup.use(new SubgraphClient({ ...options.fetching, logger, internalTokens }));
  const upstreams = cleanup.use(new UpstreamSockets({ internalTokens, ...(keepAliveMs !== undefined && { keepAliveMs }) }));
  const generations = new Generations({ logger, onSwap: (next) => federated.swap(next), onRetire: (urls) => client.keepOnly(urls) });
  const fetcherFor = client.fetcher.bind(client);
  const engine = cleanup.use(new SubscriptionEngine({ generations, sockets: upstreams, fetcherFor, ...subscriptions }));

  const app = createHttpApp({ logger, bodyLimit, arrivalTimeoutMs: requestTimeoutMs });
  cleanup.defer(() => app.close());
  const federated = createFederatedApollo({ generations, fetcherFor, httpServer: app.server, introspection, drainMs, logger });
  const apollo = () => (started ? federated.apollo : undefined);
  cleanup.defer(async () => {
    if (started) await federated.apollo.stop();
  });
  registerGraphqlRoute(app, { identity, apollo, requestTimeoutMs, logger });
  registerHealth(app, { generations, source: supergraph, draining: () => draining });
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(LANDING_PAGE));
  const operations = new SocketOperations({ generations, engine, apollo, requestTimeoutMs, logger });
  cleanup.use(serveSockets({ server: app.server, identity, operations, logger, maxMessageSize: bodyLimit, keepAliveMs }));

  const origin = await listen(app, host, port);
  cleanup.use(
    await supergraph.follow(async (document, origin) => {
      const problem = generations.offer(document, origin);
      if (problem === undefined && !started) {
        await federated.apollo.start();
        started = true;
      }
      return problem;
    }),
  );
  cleanup.defer(() => {
    draining = true;
  });
  logger.info({ origin }, 'the gateway listens');

  const running = cleanup.move();
  return { url: `${origin}/graphql`, origin, [Symbol.asyncDispose]: () => running.disposeAsync() };
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
