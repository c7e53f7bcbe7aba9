import { ApolloServer, type BaseContext } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled, ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import fastifyApollo from '@as-integrations/fastify';
import Fastify from 'fastify';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { auditMutations } from '../audit/audited-mutations.js';
import { loggableError } from '../errors/loggable-error.js';
import { neutralError } from '../errors/neutral-error.js';
import type { Caller } from '../identity/caller.js';
import type { InternalTokenVerifier } from '../identity/internal-tokens.js';
import type { Evidence } from './evidence.js';
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
  /** Records mutations and refusals, and checks signatures; without it neither is done. */
  evidence?: Evidence | undefined;
  /** JSON documents that anybody may read, by their paths. */
  documents?: Readonly<Record<string, () => object | Promise<object>>> | undefined;
  host?: string | undefined;
  /** 0 (default) lets the system choose. */
  port?: number | undefined;
}

export interface RunningSubgraph extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly subscriptionUrl: string;
}

/** Serves a subgraph over HTTP and graphql-transport-ws on one port, and drains both on disposal. */
export async function serveSubgraph<TContext extends BaseContext>(options: SubgraphServerOptions<TContext>): Promise<RunningSubgraph> {
  const { name, schema, context, verifier, log, evidence, documents = {}, host = '127.0.0.1', port = 0 } = options;
  const report = (error: unknown) => log.error({ err: loggableError(error) }, 'unexpected error');
  // longer than the gateway keeps a connection idle, so that it is never closed under a request
  const app = Fastify({ bodyLimit: BODY_LIMIT, keepAliveTimeout: 65_000, forceCloseConnections: true });
  const sockets = serveSockets({ name, server: app.server, schema, context, verifier, report, evidence });
  const guard = evidence === undefined ? undefined : new RequestGuard<TContext>(evidence);
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
      ...(guard?.plugins() ?? []),
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
          throw new GraphQLError(error.message, { extensions: { ...error.extensions, http: { status: 401 } } });
        throw error;
      }
    },
  });
  for (const [path, document] of Object.entries(documents))
    app.get(path, async (_request, reply) => reply.header('cache-control', 'public, max-age=60').send(await document()));
  app.get('/health/live', async () => ({ status: 'live', name }));
  const origin = await app.listen({ port, host });
  return {
    name,
    url: `${origin}/graphql`,
    subscriptionUrl: `${origin.replace(/^http/, 'ws')}/graphql`,
    async [Symbol.asyncDispose]() {
      await apollo.stop();
      await app.close();
    },
  };
}
