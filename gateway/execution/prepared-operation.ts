import type { GraphQLError } from 'graphql';
import { type GraphQLSchema } from 'graphql';
import type { CutPath } from '../authorization/cut-document.js';
import { unauthorizedError } from '../authorization/unauthorized-error.js';
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
  /** What its caller may not read. */
  readonly cut: readonly CutPath[];
  readonly #projection: Projection;
  readonly #step: Step | undefined;

  readonly #refused: readonly GraphQLError[];

  constructor(
    { document, operationName, plan: { node }, authorization, cut = [] }: PlannedOperation,
    schemas: ExecutionSchemas,
    router: FetchRouter,
  ) {
    this.cut = cut;
    this.#refused = cut.map((path) => unauthorizedError(path));
    this.#projection = new Projection(schemas.api, document, operationOf(document, operationName), authorization?.allows);
    if (node?.kind === 'Subscription') this.subscription = new PreparedSubscription(node, schemas.supergraph, router);
    else if (node !== undefined) this.#step = compilePlan(node, router, schemas.supergraph);
  }

  async execute(run: Run): Promise<OperationResult> {
    await this.#step?.(run);
    return this.finish(run);
  }

  /** Shapes what a run brought. Data that does not fit the schema without an error that says why is told in `extensions.valueCompletion`. */
  finish(run: Run): OperationResult {
    const { data, errors } = this.#projection.project(run.data, run.variables, run.shares);
    if (this.#refused.length > 0) return { errors: [...this.#refused, ...run.errors], data };
    if (run.errors.length > 0) return { errors: run.errors, data };
    return errors.length > 0 ? { data, extensions: { valueCompletion: errors } } : { data };
  }
}
