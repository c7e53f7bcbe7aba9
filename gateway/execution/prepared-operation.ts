import type { GraphQLSchema } from 'graphql';
import { operationOf } from '../planning/operation-outline.js';
import type { PlannedOperation } from '../planning/operation-planner.js';
import { compilePlan } from './compile-plan.js';
import type { FetchRouter } from './fetch-route.js';
import { PreparedSubscription } from './prepared-subscription.js';
import { Projection } from './projection/projection.js';
import type { Run } from './run.js';
import type { Step } from './step.js';
import type { OperationResult } from './subgraph-fetch.js';

/** What a plan is compiled against. */
export interface ExecutionSchemas {
  /** What clients see. */
  readonly api: GraphQLSchema;
  /** What subgraphs know of each other: inaccessible types too. */
  readonly supergraph: GraphQLSchema;
}

/** One operation, planned and compiled: everything about it that does not depend on who asks. */
export class PreparedOperation {
  /** Set when the operation is a subscription. */
  readonly subscription: PreparedSubscription | undefined;
  readonly #projection: Projection;
  readonly #step: Step | undefined;

  constructor({ document, operationName, plan: { node } }: PlannedOperation, schemas: ExecutionSchemas, router: FetchRouter) {
    this.#projection = new Projection(schemas.api, document, operationOf(document, operationName));
    if (node?.kind === 'Subscription') this.subscription = new PreparedSubscription(node, schemas.supergraph, router);
    else if (node !== undefined) this.#step = compilePlan(node, router, schemas.supergraph);
  }

  async execute(run: Run): Promise<OperationResult> {
    await this.#step?.(run);
    return this.finish(run);
  }

  /** Shapes what a run brought. Data that does not fit the schema without an error that says why is told in `extensions.valueCompletion`. */
  finish(run: Run): OperationResult {
    const { data, errors } = this.#projection.project(run.data, run.variables);
    if (run.errors.length > 0) return { errors: run.errors, data };
    return errors.length > 0 ? { data, extensions: { valueCompletion: errors } } : { data };
  }
}
