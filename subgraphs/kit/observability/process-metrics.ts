import { collectDefaultMetrics, Registry } from 'prom-client';
import { readGauge } from './instruments.js';
import { PRODUCT_VERSION } from './product-version.js';

export interface MetricsOptions {
  /** gateway, or a subgraph's name. */
  readonly service: string;
  /** Whether the process is this service's alone, so that its memory and event loop say something about it. */
  readonly ownProcess?: boolean | undefined;
}

/** The numbers of one service. Several in one process keep theirs apart. */
export function createMetrics({ service, ownProcess = false }: MetricsOptions): Registry {
  const registry = new Registry();
  if (service !== 'gateway') registry.setDefaultLabels({ subgraph: service });
  if (ownProcess) collectDefaultMetrics({ register: registry, prefix: 'acceptance_' });
  readGauge(registry, 'acceptance_build_info', () => [[{ service, version: PRODUCT_VERSION, node: process.versions.node }, 1]]);
  return registry;
}
