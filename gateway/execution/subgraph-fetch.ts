import type { GraphQLError } from 'graphql';

/** Who is asked: a subgraph, and which department's copy of it where the subgraph has one per department. */
export interface FetchTarget {
  readonly subgraph: string;
  /** Set for the partitioned subgraph and for a department's extension subgraph. */
  readonly department?: string;
}

/** One operation for one subgraph, exactly as it goes over the wire. `query` texts are few and repeat: they may be cached by identity. */
export interface SubgraphFetch {
  readonly target: FetchTarget;
  readonly query: string;
  readonly operationName?: string;
  /** Absent when the operation takes none. */
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly kind: 'query' | 'mutation' | 'subscription';
}

/** A subgraph's answer as its JSON says, unchecked. The executor takes ownership of it and may change it in place. */
export interface SubgraphResponse {
  // `null` where the operation failed as a whole
  data?: Record<string, unknown> | null | undefined;
  errors?: readonly SubgraphError[] | undefined;
}

export interface SubgraphError {
  message?: string | undefined;
  path?: ReadonlyArray<string | number> | undefined;
  extensions?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Asks a subgraph. Any GraphQL response resolves, whatever its status. No response at all (network, timeout, open
 * breaker) rejects, best with a GraphQLError that clients may read: `DEPARTMENT_UNAVAILABLE` with
 * `extensions.department`, or `SUBGRAPH_UNAVAILABLE` with `extensions.service`. Any other rejection is told to clients
 * as one of these two, without its message. `context` is what the caller of `execute` passed in, untouched.
 */
export type SubgraphFetcher<C> = (fetch: SubgraphFetch, context: C) => Promise<SubgraphResponse>;

/** What an operation is answered with. Keys are in the order GraphQL prescribes. */
export interface OperationResult {
  /** Absent when nothing was executed (bad variables, unknown operation). */
  data?: Record<string, unknown> | null;
  /** Absent when there are none. */
  errors?: readonly GraphQLError[];
  extensions?: {
    /** Where subgraphs' data did not fit the schema without any of them reporting an error. */
    valueCompletion: readonly GraphQLError[];
  };
}
