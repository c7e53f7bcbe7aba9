import { Gauge, type Registry } from 'prom-client';
import type { Generations } from './generations.js';
import type { SupergraphSource } from './supergraph-source.js';

/** What `/metrics` tells of the supergraph in service: which one, from where, since when, and whether the registry answers. */
export function supergraphMetrics(registry: Registry, generations: Pick<Generations, 'current'>, source: SupergraphSource): void {
  const info = new Gauge({
    name: 'acceptance_supergraph_info',
    help: 'The supergraph in service; origin disk is the last good one, kept for when the registry is down.',
    labelNames: ['version', 'origin'],
    registers: [],
    collect() {
      this.reset();
      const { current } = generations;
      if (current !== undefined) this.set({ version: current.generation.version, origin: current.origin }, 1);
    },
  });
  const since = new Gauge({
    name: 'acceptance_supergraph_since_timestamp_seconds',
    help: 'When it went into service.',
    registers: [],
    collect() {
      this.set((generations.current?.since.getTime() ?? 0) / 1_000);
    },
  });
  const reachable = new Gauge({
    name: 'acceptance_registry_reachable',
    help: 'Whether the registry answered when it was last asked; absent where none is asked.',
    registers: [],
    collect() {
      const { registryReachable } = source;
      if (registryReachable === undefined) this.remove();
      else this.set(registryReachable ? 1 : 0);
    },
  });
  for (const gauge of [info, since, reachable]) registry.registerMetric(gauge);
}
