import { operationFromDocument, type Supergraph } from '@apollo/federation-internals';
import { type QueryPlan, QueryPlanner } from '@apollo/query-planner';
import { type DocumentNode, type GraphQLSchema, separateOperations } from 'graphql';
import { type CutPath, cutDocument } from '../authorization/cut-document.js';
import type { Authorization, FieldRules } from '../authorization/field-rules.js';
import { type Grants, NO_GRANTS } from '../authorization/grants.js';
import { rootFieldNames } from '../execution/root-fields.js';
import { decideConditions, fillEmptySelections } from './decide-conditions.js';
import type { PlannerFor } from './extension-planners.js';
import { LeastRecentlyUsed } from './least-recently-used.js';
import { operationOf, outlineOf } from './operation-outline.js';

/** What a plan is made from. */
export interface PlanRequest {
  /** What the client asks for. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  /** The part of it that is fetched; null for nothing, `document` when absent. */
  readonly fetchable?: DocumentNode | null | undefined;
  /** The variables, defaults filled in. Only those that @skip and @include use matter. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What the caller may read of what is guarded; nothing when absent. */
  readonly grants?: Grants | undefined;
}

/** The guards that plans are made behind. */
export interface PlanGuards {
  readonly rules: FieldRules;
  readonly api: GraphQLSchema;
}

export interface PlannedOperation {
  readonly operationName: string | undefined;
  /** What the client asks for, with every @skip and @include decided. */
  readonly document: DocumentNode;
  readonly plan: QueryPlan;
  /** Set where something of the operation is guarded. */
  readonly authorization?: Authorization | undefined;
  /** What the caller may not read, and was therefore not planned. */
  readonly cut?: readonly CutPath[] | undefined;
}

/** Who is told of every plan that is asked for. Must be quick, and must not throw. */
export interface PlanObserver {
  /** It was planned before, or somebody else is about to. */
  found(): void;
  /** @param ms how long planning took */
  planned(ms: number): void;
}

interface CachedPlan<T> {
  readonly request: PlanRequest;
  readonly planned: Promise<T>;
  uses: number;
}

/**
 * Plans operations over a supergraph, each once: plans are kept as promises, so requests that arrive while one is
 * made wait for it. What is kept is what `prepare` makes of the plan.
 *
 * Conditions are decided before planning, so an operation has a plan for each combination of them that is asked for.
 * A plan with conditions in it would be one for all, but it is wrong where a field that is left out was going to bring
 * what another one needs: an entity fetch shared by both then finds its representation incomplete and drops both.
 */
export class OperationPlanner<T> {
  readonly #plannerFor: (document: DocumentNode) => PlannerFor;
  readonly #prepare: (planned: PlannedOperation) => T;
  readonly #cache: LeastRecentlyUsed<string, CachedPlan<T>>;
  readonly #guards: PlanGuards | undefined;
  readonly #observer: PlanObserver | undefined;

  constructor(
    plannerFor: (document: DocumentNode) => PlannerFor,
    prepare: (planned: PlannedOperation) => T,
    capacity: number,
    guards?: PlanGuards,
    observer?: PlanObserver,
  ) {
    this.#guards = guards;
    this.#observer = observer;
    this.#plannerFor = plannerFor;
    this.#prepare = prepare;
    this.#cache = new LeastRecentlyUsed(capacity);
  }

  get cachedPlans(): number {
    return this.#cache.size;
  }

  /** Rejects with what the planner refuses; failures are not kept. */
  plan(request: PlanRequest): Promise<T> {
    const { document, operationName, fetchable, variables } = request;
    const { text, flags } = outlineOf(document);
    const parts = [operationName ?? '', flags.map((name) => (variables[name] === true ? '1' : '0')).join(''), text];
    if (fetchable !== undefined && fetchable !== document) parts.push(fetchable === null ? '' : outlineOf(fetchable).text);
    const authorization = this.#guards?.rules.authorize(document, request.grants ?? NO_GRANTS);
    if (authorization !== undefined) parts.push(`guards ${authorization.key}`);
    const key = parts.join('\0');
    let cached = this.#cache.get(key);
    if (cached === undefined) {
      const began = performance.now();
      const planning: CachedPlan<T> = {
        request: withoutVariables(request, flags),
        planned: this.#plan(request, flags, authorization),
        uses: 0,
      };
      planning.planned.catch(() => this.#cache.drop(key, planning));
      this.#cache.set(key, planning);
      // planning is done by now: nothing of it waits
      this.#observer?.planned(performance.now() - began);
      cached = planning;
    } else this.#observer?.found();
    cached.uses++;
    return cached.planned;
  }

  /** What was asked for most often, most often first. Each request carries the variables that its plan depends on. */
  mostUsed(count: number): PlanRequest[] {
    return [...this.#cache.values()]
      .toSorted((a, b) => b.uses - a.uses)
      .slice(0, count)
      .map(({ request }) => request);
  }

  async #plan(
    { document, operationName, fetchable, variables }: PlanRequest,
    flags: readonly string[],
    authorization: Authorization | undefined,
  ): Promise<T> {
    const values = Object.fromEntries(flags.map((name) => [name, variables[name] === true]));
    const decided = decideConditions(document, values);
    const fetched = fetchable === undefined || fetchable === document ? decided : fetchable && decideConditions(fetchable, values);
    const guarded = (asked: DocumentNode) =>
      authorization && cutDocument((this.#guards as PlanGuards).api, asked, operationOf(asked, operationName), authorization);
    const left = fetched && guarded(fetched);
    const allowed = left === undefined || left === null ? fetched : left.document;
    const plan: QueryPlan = allowed === null ? { kind: 'QueryPlan' } : this.#planFetches(allowed, operationName);
    return this.#prepare({ operationName, document: decided, plan, authorization, cut: guarded(decided)?.cut });
  }

  #planFetches(document: DocumentNode, operationName: string | undefined): QueryPlan {
    // introspection and the root's __typename are the gateway's own to answer
    const asksSubgraphs = rootFieldNames(operationOf(document, operationName), document).some((name) => !name.startsWith('__'));
    if (!asksSubgraphs) return { kind: 'QueryPlan' };
    const options = operationName === undefined ? {} : { operationName };
    const one = onlyOperation(document, operationName);
    const { planner, apiSchema } = this.#plannerFor(one);
    return planner.buildQueryPlan(operationFromDocument(apiSchema, fillEmptySelections(one), options));
  }
}

/** What a plan depends on. Other variables may be about people, and are not kept. */
function withoutVariables({ document, operationName, fetchable, variables, grants }: PlanRequest, flags: readonly string[]): PlanRequest {
  const kept = Object.fromEntries(flags.map((name) => [name, variables[name] === true]));
  return {
    document,
    variables: kept,
    ...(operationName !== undefined && { operationName }),
    ...(fetchable !== undefined && { fetchable }),
    ...(grants !== undefined && { grants }),
  };
}

/** One planner for every operation. */
export function plannerOver(supergraph: Supergraph): (document: DocumentNode) => PlannerFor {
  const planner = { planner: new QueryPlanner(supergraph), apiSchema: supergraph.apiSchema() };
  return () => planner;
}

/** A document's other operations may ask for what this one does not, and for what is not in its planner's graph. */
function onlyOperation(document: DocumentNode, operationName: string | undefined): DocumentNode {
  return (operationName === undefined ? undefined : separateOperations(document)[operationName]) ?? document;
}
