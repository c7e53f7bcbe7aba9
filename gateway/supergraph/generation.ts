import { setImmediate } from 'node:timers/promises';
import { errorCauses, ROUTER_SUPPORTED_SUPERGRAPH_FEATURES, Supergraph } from '@apollo/federation-internals';
import { type DocumentNode, GraphQLError, type GraphQLSchema, type OperationDefinitionNode, OperationTypeNode, validate } from 'graphql';
import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { FieldRules } from '../authorization/field-rules.js';
import type { Grants } from '../authorization/grants.js';
import { unauthorizedError } from '../authorization/unauthorized-error.js';
import { coerceVariables } from '../execution/coerce-variables.js';
import { PreparedOperation } from '../execution/prepared-operation.js';
import { Run } from '../execution/run.js';
import type { OperationResult, SubgraphFetcher, SubgraphResponse } from '../execution/subgraph-fetch.js';
import { CostRules } from '../limits/cost/cost-rules.js';
import { OperationCost } from '../limits/cost/operation-cost.js';
import { PartitionRouter } from '../partition/partition-router.js';
import { PartitionTable } from '../partition/partition-table.js';
import { ExtensionPlanners } from '../planning/extension-planners.js';
import { operationOf } from '../planning/operation-outline.js';
import { OperationPlanner, type PlanObserver, type PlanRequest, plannerOver } from '../planning/operation-planner.js';
import { LiveFields } from '../subscriptions/live-fields.js';
import { Primaries, type Primary } from '../subscriptions/primary.js';
import { GenerationBuildError } from './generation-build-error.js';

const DEFAULT_PLAN_CACHE_SIZE = 1_000;
/** How @apollo/query-planner words its limit of selections. */
const PLANNER_GAVE_UP = 'Exceeded maximum recursive selections';

export interface GenerationOptions {
  /** How many operations stay planned; the least recently used goes first. */
  planCacheSize?: number;
  /** Called with each operation that is run or subscribed to; must be quick, and must not throw. */
  observe?: ((request: OperationRequest, apiSchema: GraphQLSchema) => void) | undefined;
  /** Told of every plan that is asked for. */
  plans?: PlanObserver | undefined;
  /** Refuses an operation as a whole when its caller may not read all of it. False by default: the rest is answered. */
  rejectUnauthorized?: boolean | undefined;
  /** The most that an operation may cost, and how long lists are taken to be of which nothing is said. Absent: any cost. */
  cost?: CostLimit | undefined;
}

export interface CostLimit {
  readonly limit: number;
  /** 10 by default. */
  readonly listSize?: number | undefined;
}

/** A valid operation (checked against `apiSchema`) and what it runs with. */
export interface OperationRequest {
  document: DocumentNode;
  operationName?: string | undefined;
  /** As the client sent them. */
  variables?: Readonly<Record<string, unknown>> | undefined;
  /**
   * The part of `document` that may be fetched, with the same operation name: fields left out of it are answered null.
   * All of `document` when absent, nothing when null.
   */
  fetchable?: DocumentNode | null | undefined;
  /** What the caller may read of what is guarded by `@authenticated`, `@requiresScopes` and `@policy`; nothing when absent. */
  grants?: Grants | undefined;
  /** Told what the operation may cost, before it is run or refused. */
  onCost?: ((cost: number) => void) | undefined;
  /** Told when it is planned, and since when it was. */
  onPlanned?: ((began: number) => void) | undefined;
  /** How the client names itself; for the observer only. */
  client?: string | undefined;
}

export interface ExecutionRequest<C> extends OperationRequest {
  /** Passed to the fetcher untouched. */
  context: C;
  fetcher: SubgraphFetcher<C>;
}

export interface SubscriptionPlan {
  /** What to subscribe to upstream. Primaries with equal keys may share one upstream. */
  readonly primary: Primary;
  /** True when `complete` asks other subgraphs. */
  readonly asksMore: boolean;
  /** True when its caller may not read all that was asked for: what is left was planned. */
  readonly isCut: boolean;
  /** Equal for callers from whom the same was cut: only they may be given the same results. */
  readonly cutKey: string;
  /** Turns one event of the primary into one result: fetches what it lacks, and shapes it. Takes ownership of the event. */
  readonly complete: <C>(event: SubgraphResponse, context: C, fetcher: SubgraphFetcher<C>) => Promise<OperationResult>;
}

/** A supergraph ready to serve: immutable, so a request finishes on the generation it began with. */
export class Generation {
  readonly document: SupergraphDocument;
  /** What clients see: validate and introspect against it. */
  readonly apiSchema: GraphQLSchema;
  /** Names and URLs of the supergraph's subgraphs, the partitioned one included. */
  readonly subgraphs: ReadonlyArray<{ readonly name: string; readonly url: string }>;
  readonly #planner: OperationPlanner<PreparedOperation>;
  readonly #observe: GenerationOptions['observe'];
  readonly #rejectUnauthorized: boolean;
  readonly #cost: OperationCost;
  readonly #costLimit: number;
  readonly #primaries: Primaries;

  private constructor(
    document: SupergraphDocument,
    supergraph: Supergraph,
    table: PartitionTable,
    liveFields: LiveFields,
    options: GenerationOptions,
  ) {
    this.document = document;
    this.apiSchema = supergraph.apiSchema().toGraphQLJSSchema();
    this.subgraphs = supergraph.subgraphsMetadata().map(({ name, url }) => ({ name, url }));
    const schemas = { api: this.apiSchema, supergraph: supergraph.schema.toGraphQLJSSchema() };
    this.#primaries = new Primaries(schemas.supergraph, liveFields);
    const router = new PartitionRouter(table);
    this.#observe = options.observe;
    this.#rejectUnauthorized = options.rejectUnauthorized ?? false;
    this.#cost = new OperationCost(new CostRules(supergraph), this.apiSchema, options.cost?.listSize);
    this.#costLimit = options.cost?.limit ?? Number.POSITIVE_INFINITY;
    const guards = { rules: new FieldRules(supergraph, this.apiSchema), api: this.apiSchema };
    const capacity = options.planCacheSize ?? DEFAULT_PLAN_CACHE_SIZE;
    const extensions = new Set(document.departments.filter(({ extension }) => extension).map(({ code }) => code));
    const planners = extensions.size === 0 ? undefined : new ExtensionPlanners(document.sdl, this.apiSchema, extensions);
    const plannerFor = planners === undefined ? plannerOver(supergraph) : planners.for.bind(planners);
    this.#planner = new OperationPlanner(
      plannerFor,
      (planned) => new PreparedOperation(planned, schemas, router),
      capacity,
      guards,
      options.plans,
    );
  }

  /** @throws GenerationBuildError with every problem found. */
  static build(document: SupergraphDocument, options: GenerationOptions = {}): Generation {
    const { version, sdl, departments } = document;
    const refuse = (problems: readonly string[]) => new GenerationBuildError(version, problems);
    try {
      // the features whose promises the gateway keeps beside plans (authorization, cost) are known to the router only
      const supergraph = Supergraph.build(sdl, { supportedFeatures: ROUTER_SUPPORTED_SUPERGRAPH_FEATURES });
      const table = new PartitionTable(supergraph, departments);
      const liveFields = new LiveFields(supergraph);
      const problems = [...table.problems, ...liveFields.problems];
      if (problems.length > 0) throw refuse(problems);
      return new Generation(document, supergraph, table, liveFields, options);
    } catch (error) {
      throw error instanceof GenerationBuildError ? error : refuse(messagesOf(error));
    }
  }

  get version(): string {
    return this.document.version;
  }

  get cachedPlans(): number {
    return this.#planner.cachedPlans;
  }

  /** What was asked for most often, most often first; for warming the next generation. */
  mostUsed(count: number): PlanRequest[] {
    return this.#planner.mostUsed(count);
  }

  /** Plans what will soon be asked, letting requests through in between, for at most `limitMs`. What is no longer valid is passed over. */
  async warm(requests: readonly PlanRequest[], limitMs: number): Promise<number> {
    const end = performance.now() + limitMs;
    let planned = 0;
    for (const request of requests) {
      if (performance.now() > end) break;
      if (validate(this.apiSchema, request.document).length > 0) continue;
      await this.#planner.plan(request).then(
        () => planned++,
        () => {},
      );
      await setImmediate();
    }
    return planned;
  }

  /** Runs a query or mutation. Never rejects because of what a client sent or a subgraph did. */
  async execute<C>(request: ExecutionRequest<C>): Promise<OperationResult> {
    try {
      const { document, operationName, variables = {}, context, fetcher } = request;
      const operation = operationOf(document, operationName);
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
        throw new GraphQLError('Subscriptions are not answered by one response.', { extensions: { code: 'BAD_REQUEST' } });
      }
      const outcome = coerceVariables(this.apiSchema, operation, variables);
      if ('errors' in outcome) return { errors: outcome.errors };
      const { coerced } = outcome;
      this.#refuseCostly(request, operation, coerced);
      this.#observe?.(request, this.apiSchema);
      const { onPlanned } = request;
      const began = onPlanned === undefined ? 0 : performance.now();
      const prepared = await this.#planner.plan({ ...request, variables: coerced });
      onPlanned?.(began);
      if (this.#rejectUnauthorized && prepared.cut.length > 0)
        return { errors: prepared.cut.map((path) => unauthorizedError(path, { http: { status: 403 } })) };
      return await prepared.execute(new Run(variables, coerced, (fetch) => fetcher(fetch, context)));
    } catch (error) {
      return { errors: [asGraphQLError(error)] };
    }
  }

  /** @throws CataloguedError COST_LIMIT_EXCEEDED */
  #refuseCostly(
    { document, onCost }: OperationRequest,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): void {
    if (onCost === undefined && this.#costLimit === Number.POSITIVE_INFINITY) return;
    const estimated = this.#cost.of(document, operation, variables);
    onCost?.(estimated);
    if (estimated <= this.#costLimit) return;
    throw new CataloguedError('COST_LIMIT_EXCEEDED', `the operation may cost ${estimated}, more than ${this.#costLimit}`, {
      estimated,
      limit: this.#costLimit,
      http: { status: 400 },
    });
  }

  /** @throws GraphQLError when the operation is no subscription, its variables are bad, or its department is unknown. */
  async planSubscription(request: OperationRequest): Promise<SubscriptionPlan> {
    const { document, operationName, variables = {} } = request;
    const operation = operationOf(document, operationName);
    const outcome = coerceVariables(this.apiSchema, operation, variables);
    if ('errors' in outcome) throw outcome.errors[0];
    const { coerced } = outcome;
    this.#refuseCostly(request, operation, coerced);
    this.#observe?.(request, this.apiSchema);
    const prepared = await this.#planner.plan({ ...request, variables: coerced });
    const { subscription, cut } = prepared;
    // without its only root field there is nothing to follow
    const [refused] = cut;
    if (refused !== undefined && (this.#rejectUnauthorized || refused.length === 1)) throw unauthorizedError(refused);
    if (subscription === undefined) throw new GraphQLError('This operation is no subscription.', { extensions: { code: 'BAD_REQUEST' } });
    const primary = subscription.primary(new Run(variables, coerced, () => Promise.reject(new Error('planning asks nobody'))));
    return {
      primary: this.#primaries.read(primary.fetch),
      asksMore: subscription.asksMore,
      isCut: cut.length > 0,
      cutKey: cut.length === 0 ? '' : JSON.stringify(cut),
      complete: async (event, context, fetcher) => {
        const run = new Run(variables, coerced, (fetch) => fetcher(fetch, context));
        await subscription.complete(run, primary, event);
        return prepared.finish(run);
      },
    };
  }
}

/** A fault that no GraphQLError tells is ours: clients learn that it happened, `originalError` has the rest for the log. */
function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  if (error instanceof Error && error.message.startsWith(PLANNER_GAVE_UP)) {
    return new CataloguedError('OPERATION_TOO_LARGE', 'the operation selects more, through its fragments, than can be planned', {
      of: 'selections',
      http: { status: 400 },
    });
  }
  return new GraphQLError('The gateway failed to run this operation.', {
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
    originalError: error instanceof Error ? error : new Error(String(error)),
  });
}

function messagesOf(error: unknown): string[] {
  const causes = error instanceof Error ? errorCauses(error) : undefined;
  if (causes !== undefined) return causes.map(({ message }) => message);
  return [error instanceof Error ? error.message : String(error)];
}
