import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';
import type { OperationResult, SubgraphFetch, SubgraphFetcher, SubgraphResponse } from '../execution/subgraph-fetch.js';

export interface GenerationOptions {
  /** How many operations stay planned; the least recently used goes first. */
  planCacheSize?: number;
}

/** A valid operation (checked against `apiSchema`) and what it runs with. */
export interface OperationRequest {
  document: DocumentNode;
  operationName?: string | undefined;
  /** As the client sent them. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /**
   * The part of `document` that may be fetched, with the same operation name: fields left out of it are answered null.
   * All of `document` when absent.
   */
  fetchable?: DocumentNode | undefined;
}

export interface ExecutionRequest<C> extends OperationRequest {
  /** Passed to the fetcher untouched. */
  context: C;
  fetcher: SubgraphFetcher<C>;
}

export interface SubscriptionPlan {
  /** What to subscribe to upstream. Equal primaries (target, query, variables) may share one upstream. */
  readonly primary: SubgraphFetch;
  /** True when `complete` asks other subgraphs. */
  readonly asksMore: boolean;
  /** Turns one event of the primary into one result: fetches what it lacks, and shapes it. */
  complete<C>(event: SubgraphResponse, context: C, fetcher: SubgraphFetcher<C>): Promise<OperationResult>;
}

/** A supergraph ready to serve: immutable, so a request finishes on the generation it began with. */
export declare class Generation {
  /** @throws GenerationBuildError with every problem found. */
  static build(document: SupergraphDocument, options?: GenerationOptions): Generation;
  readonly document: SupergraphDocument;
  readonly version: string;
  /** What clients see: validate and introspect against it. */
  readonly apiSchema: GraphQLSchema;
  /** Names and URLs of the supergraph's subgraphs, the partitioned one included. */
  readonly subgraphs: ReadonlyArray<{ readonly name: string; readonly url: string }>;
  /** Runs a query or mutation. Never rejects because of what a client sent or a subgraph did. */
  execute<C>(request: ExecutionRequest<C>): Promise<OperationResult>;
  /** @throws GraphQLError when the operation is no subscription, its variables are bad, or its department is unknown. */
  planSubscription(request: OperationRequest): Promise<SubscriptionPlan>;
}
