import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLError } from 'graphql';
import type { JsonObject } from './own-property.js';
import type { Run } from './run.js';
import type { FetchTarget, SubgraphFetch } from './subgraph-fetch.js';

/** Says who answers a fetch. Compiled with the plan, asked in every run. */
export interface FetchRouter {
  root(node: FetchNode): RootRoute;
  entities(node: FetchNode): EntityRoute;
}

/** How the root fields of one fetch are shared out in one run. */
export type RootRoute = (run: Run) => RootDispatch;

export interface RootDispatch {
  /** Stages go one after another, the requests of one stage at the same time. */
  readonly stages: ReadonlyArray<readonly RootRequest[]>;
  /** Fields nobody is asked for, and why. Their paths begin at the fetch. */
  readonly refused: readonly GraphQLError[];
}

export interface RootRequest {
  readonly fetch: SubgraphFetch;
  /** The first field it asks for: where a request without an answer is reported. */
  readonly firstField: () => string;
}

/** Who answers for one representation: a target (one object per target), nobody (null), or an error. */
export type EntityRoute = (representation: JsonObject) => FetchTarget | null | EntityRefusal;

export class EntityRefusal {
  readonly code: string;
  readonly message: string;
  readonly extensions: Readonly<JsonObject>;

  constructor(code: string, message: string, extensions: Readonly<JsonObject> = {}) {
    this.code = code;
    this.message = message;
    this.extensions = extensions;
  }
}
