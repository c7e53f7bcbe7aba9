import type { Registry } from 'prom-client';
import { readGauge, readOne } from '../../subgraphs/kit/observability/instruments.js';
import type { Generations } from './generations.js';
import type { SupergraphSource } from './supergraph-source.js';

/** What `/metrics` tells of the supergraph in service: which one, from where, since when, and whether the registry answers. */
export function supergraphMetrics(registry: Registry, generations: Pick<Generations, 'current'>, source: SupergraphSource): void {
  readGauge(registry, 'acceptance_supergraph_info', () => {
    const { current } = generations;
    return current === undefined ? [] : [[{ version: current.generation.version, origin: current.origin }, 1]];
  });
  readOne(registry, 'acceptance_supergraph_since_timestamp_seconds', () => (generations.current?.since.getTime() ?? 0) / 1_000);
  readOne(registry, 'acceptance_registry_reachable', () =>
    source.registryReachable === undefined ? undefined : Number(source.registryReachable),
  );
}
