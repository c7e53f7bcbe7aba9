import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { RequestMetrics } from '../../subgraphs/kit/observability/request-metrics.js';
import type { Traces } from '../../subgraphs/kit/traces/traces.js';
import { auditOperations } from '../audit/audited-operations.js';
import type { GatewayAudit } from '../audit/gateway-audit.js';
import type { Grants } from '../authorization/grants.js';
import { clientError } from '../errors/client-error.js';
import type { SubgraphFetcher } from '../execution/subgraph-fetch.js';
import type { Endpoints } from '../fetching/endpoints.js';
import type { FetchContext } from '../fetching/subgraph-client.js';
import type { Logger } from '../observability/logger.js';
import { traceOperations } from '../observability/traced-requests.js';
import type { Generations, ServingGeneration } from '../supergraph/generations.js';
import { legacyStatus, refuseSubscriptions, reportAccidents } from './apollo-plugins.js';
import { MAX_TOKENS } from './document-limits.js';
import type { GatewayContext } from './request-context.js';

type Gateway = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];

export interface FederatedApolloOptions {
  readonly generations: Generations;
  readonly fetcherFor: (endpoints: Pick<Endpoints, 'find'>) => SubgraphFetcher<FetchContext>;
  readonly httpServer: Server;
  readonly introspection: boolean;
  /** What a caller may read of what is guarded. */
  readonly grantsFor: (caller: Caller) => Grants;
  readonly costLimit: number | undefined;
  readonly observeCost: (estimated: number) => void;
  /** Whether several operations may come in one request. */
  readonly batches: boolean;
  /** Keeps names out of errors that only guess at them ("Did you mean …?"). */
  readonly hideSuggestions: boolean;
  /** Off where only trusted documents run, which are known without being registered. */
  readonly persistedQueries: boolean;
  /** Milliseconds for which requests under way may go on while the server stops. */
  readonly drainMs: number;
  readonly requests: RequestMetrics;
  readonly logger: Logger;
  /** Records operations; absent: nothing is recorded. */
  readonly traces?: Traces | undefined;
  readonly audit?: GatewayAudit | undefined;
}

export interface FederatedApollo {
  readonly apollo: ApolloServer<GatewayContext>;
  /** Makes requests that come from now on run on `next`. */
  swap(next: ServingGeneration): void;
}

/**
 * Apollo Server over our own executor. It takes the schema that a request began with along to the executor, which finds
 * the generation by it: a request finishes on the generation it began with.
 */
export function createFederatedApollo(options: FederatedApolloOptions): FederatedApollo {
  const { generations, fetcherFor, httpServer, introspection, grantsFor, drainMs, logger } = options;
  const { costLimit, observeCost, audit } = options;
  const listeners = new Set<Parameters<Gateway['onSchemaLoadOrUpdate']>[0]>();
  let current: ServingGeneration | undefined;
  const announce = (listener: Parameters<Gateway['onSchemaLoadOrUpdate']>[0], { generation }: ServingGeneration) =>
    listener({ apiSchema: generation.apiSchema, coreSupergraphSdl: generation.document.sdl });

  const gateway: Gateway = {
    onSchemaLoadOrUpdate(listener) {
      listeners.add(listener);
      if (current !== undefined) announce(listener, current);
      return () => listeners.delete(listener);
    },
    load: async () => ({
      async executor({ schema, document, request, context }) {
        using lease = generations.lease(schema);
        const { generation, endpoints } = lease.serving;
        const { caller, clientName, reportCost, trace } = context as GatewayContext;
        let cost: number | undefined;
        const result = await generation.execute({
          document,
          operationName: request.operationName,
          variables: request.variables,
          client: clientName,
          grants: grantsFor(caller),
          onCost: (estimated) => {
            cost = estimated;
            observeCost(estimated);
          },
          context: context as GatewayContext,
          onPlanned: trace && ((planBegan) => trace.took('plan', planBegan)),
          fetcher: fetcherFor(endpoints),
        });
        if (reportCost !== true || cost === undefined) return result;
        return {
          ...result,
          extensions: { ...result.extensions, cost: { estimated: cost, ...(costLimit !== undefined && { limit: costLimit }) } },
        };
      },
    }),
    stop: async () => listeners.clear(),
  };

  const apollo = new ApolloServer<GatewayContext>({
    gateway,
    introspection,
    hideSchemaDetailsFromClientErrors: options.hideSuggestions,
    allowBatchedHttpRequests: options.batches,
    ...(!options.persistedQueries && { persistedQueries: false as const }),
    includeStacktraceInErrorResponses: false,
    // without the line end that Apollo Server adds: with it, the whole answer would be copied once more
    stringifyResult: (result) => JSON.stringify(result),
    formatError: clientError,
    stopOnTerminationSignals: false,
    // pages of other sites are refused by OriginPolicy, over every transport; GET runs queries only
    csrfPrevention: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    // nothing may leave for Apollo's services, even where APOLLO_KEY is set for something else
    plugins: [
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      ...(options.traces === undefined ? [] : [traceOperations(options.traces)]),
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: drainMs }),
      reportAccidents(logger),
      refuseSubscriptions,
      legacyStatus,
      options.requests.plugin<GatewayContext>(),
      ...(audit === undefined ? [] : [auditOperations(audit)]),
    ],
    logger: apolloLogger(logger),
  });
  return {
    apollo,
    swap(next) {
      for (const listener of listeners) announce(listener, next);
      current = next;
    },
  };
}

/** What Apollo Server says about itself is of interest to operators only when something is wrong. */
function apolloLogger(logger: Logger) {
  return {
    debug: (message?: unknown) => logger.debug(String(message)),
    info: (message?: unknown) => logger.debug(String(message)),
    warn: (message?: unknown) => logger.warn(String(message)),
    error: (message?: unknown) => logger.error(String(message)),
  };
}
