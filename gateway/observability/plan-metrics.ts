import type { Counter, Histogram, Registry } from 'prom-client';
import { counterOf, histogramOf, readOne } from '../../subgraphs/kit/observability/instruments.js';
import type { PlanObserver } from '../planning/operation-planner.js';
import type { Generations } from '../supergraph/generations.js';

/** What `/metrics` tells of planning. */
export class PlanMetrics implements PlanObserver {
  readonly #plans: Counter<'result'>;
  readonly #duration: Histogram;

  constructor(registry: Registry) {
    this.#plans = counterOf(registry, 'acceptance_plans_total');
    this.#duration = histogramOf(registry, 'acceptance_plan_duration_seconds');
  }

  /** Has the size of the cache told, of the generation in service. */
  watch(registry: Registry, generations: Pick<Generations, 'current'>): void {
    readOne(registry, 'acceptance_plan_cache_size', () => generations.current?.generation.cachedPlans);
  }

  found(): void {
    this.#plans.inc({ result: 'hit' });
  }

  planned(ms: number): void {
    this.#plans.inc({ result: 'miss' });
    this.#duration.observe(ms / 1_000);
  }
}
