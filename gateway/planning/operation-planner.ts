import { operationFromDocument, type Schema, type Supergraph } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, getOperationAST, type OperationDefinitionNode } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { documentText } from './document-text.js';
import { LeastRecentlyUsed } from './least-recently-used.js';

/** What a plan is made from. */
export interface PlanRequest {
  /** What the client asks for. */
  document: DocumentNode;
  operationName?: string | undefined;
  /** The part of it that is fetched; null for nothing, `document` when absent. */
  fetchable?: DocumentNode | null | undefined;
}

export interface PlannedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly plan: QueryPlan;
}

/**
 * Plans operations over a supergraph, each once: plans are kept as promises, so requests that arrive while one is
 * made wait for it. What is kept is what `prepare` makes of the plan.
 */
export class OperationPlanner<T> {
  readonly #planner: QueryPlanner;
  readonly #apiSchema: Schema;
  readonly #prepare: (planned: PlannedOperation) => T;
  readonly #cache: LeastRecentlyUsed<string, Promise<T>>;

  constructor(supergraph: Supergraph, prepare: (planned: PlannedOperation) => T, capacity: number) {
    this.#planner = new QueryPlanner(supergraph);
    this.#apiSchema = supergraph.apiSchema();
    this.#prepare = prepare;
    this.#cache = new LeastRecentlyUsed(capacity);
  }

  get cachedPlans(): number {
    return this.#cache.size;
  }

  /** @throws CataloguedError OPERATION_RESOLUTION_FAILURE; whatever the planner refuses. Failures are not kept. */
  plan(request: PlanRequest): Promise<T> {
    const { document, operationName, fetchable } = request;
    const texts = [operationName ?? '', documentText(document)];
    if (fetchable !== undefined && fetchable !== document) texts.push(fetchable === null ? '' : documentText(fetchable));
    const key = texts.join('\0');
    let planned = this.#cache.get(key);
    if (planned === undefined) {
      planned = this.#plan(request);
      this.#cache.set(key, planned);
      const failing = planned;
      failing.catch(() => this.#cache.drop(key, failing));
    }
    return planned;
  }

  async #plan({ document, operationName, fetchable = document }: PlanRequest): Promise<T> {
    const operation = getOperationAST(document, operationName);
    if (!operation) {
      throw new CataloguedError(
        'OPERATION_RESOLUTION_FAILURE',
        operationName === undefined
          ? 'Name the operation to run: the document has not exactly one.'
          : `The document has no operation named "${operationName}".`,
      );
    }
    const plan: QueryPlan =
      fetchable === null
        ? { kind: 'QueryPlan' }
        : this.#planner.buildQueryPlan(
            operationFromDocument(this.#apiSchema, fetchable, operationName === undefined ? {} : { operationName }),
          );
    return this.#prepare({ document, operation, plan });
  }
}
