import type { Registry } from 'prom-client';
import { histogramOf, readCounter, readGauge, readOne } from '../../subgraphs/kit/observability/instruments.js';
import type { RequiredWatch } from './required-watch.js';

/** What operations may cost, as estimated before they are run or refused. */
export function costHistogram(registry: Registry): (estimated: number) => void {
  const histogram = histogramOf(registry, 'acceptance_operation_cost');
  return (estimated) => histogram.observe(estimated);
}

/** What could not be put on record, so that operators learn of it. */
export function countLostRecords(registry: Registry, audit: { readonly lost: number }): void {
  readCounter(registry, 'acceptance_audit_lost_total', () => [[{}, audit.lost]]);
}

/** Which of the subgraphs answer that have to be there. */
export function requiredMetrics(registry: Registry, watch: Pick<RequiredWatch, 'names' | 'down'>): void {
  readGauge(registry, 'acceptance_required_subgraph_up', () => {
    const down = new Set(watch.down);
    return watch.names.map((peer) => [{ peer }, down.has(peer) ? 0 : 1] as const);
  });
}

export function drainingMetric(registry: Registry, draining: () => boolean): void {
  readOne(registry, 'acceptance_draining', () => (draining() ? 1 : 0));
}
