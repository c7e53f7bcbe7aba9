import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { PlannedOperation } from '../planning/operation-planner.js';
import { coerceVariables } from './coerce-variables.js';
import { compilePlan } from './compile-plan.js';
import type { FetchRouter } from './fetch-route.js';
import type { JsonObject } from './own-property.js';
import { PreparedSubscription } from './prepared-subscription.js';
import { Projection } from './projection/projection.js';
import { Run } from './run.js';
import type { Step } from './step.js';
import type { OperationResult, SubgraphFetch, SubgraphResponse } from './subgraph-fetch.js';

/** What a plan is compiled against. */
export interface ExecutionSchemas {
  /** What clients see. */
  readonly api: GraphQLSchema;
  /** What subgraphs know of each other: inaccessible types too. */
  readonly supergraph: GraphQLSchema;
}

/** One operation, planned and compiled: everything about it that does not depend on who asks. */
export class PreparedOperation {
  readonly operation: OperationDefinitionNode;
  /** Set when the operation is a subscription. */
  readonly subscription: PreparedSubscription | undefined;
  readonly #schemas: ExecutionSchemas;
  readonly #projection: Projection;
  readonly #step: Step | undefined;

  constructor({ document, operation, plan: { node } }: PlannedOperation, schemas: ExecutionSchemas, router: FetchRouter) {
    this.operation = operation;
    this.#schemas = schemas;
    this.#projection = new Projection(schemas.api, document, operation);
    if (node?.kind === 'Subscription') this.subscription = new PreparedSubscription(node, schemas.supergraph, router);
    else if (node !== undefined) this.#step = compilePlan(node, router, schemas.supergraph);
  }

  /** A run to execute, or why the variables do not fit. */
  start(variables: Readonly<JsonObject>, send: (fetch: SubgraphFetch) => Promise<SubgraphResponse>): Run | readonly GraphQLError[] {
    const outcome = coerceVariables(this.#schemas.api, this.operation, variables);
    return 'errors' in outcome ? outcome.errors : new Run(variables, outcome.coerced, send);
  }

  async execute(run: Run): Promise<OperationResult> {
    await this.#step?.(run);
    return this.finish(run);
  }

  /** Shapes what a run brought. Data that does not fit the schema without an error that says why is told in `extensions.valueCompletion`. */
  finish(run: Run): OperationResult {
    const { data, errors } = this.#projection.project(run.data, run.coerced, run.variables);
    if (run.errors.length > 0) return { errors: run.errors, data };
    return errors.length > 0 ? { data, extensions: { valueCompletion: errors } } : { data };
  }
}
