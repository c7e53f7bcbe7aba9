import type { Registry } from 'prom-client';
import type { Overload } from '../server/overload.js';
import { readCounter, readGauge, readOne } from './instruments.js';

const REASONS = ['lag', 'requests'] as const;

/** Whether a process turns requests away, and how many it has. */
export function overloadMetrics(registry: Registry, overload: Overload): void {
  readOne(registry, 'acceptance_overload_lag_seconds', () => overload.lag);
  readGauge(registry, 'acceptance_overloaded', () => REASONS.map((reason) => [{ reason }, overload.reason === reason ? 1 : 0] as const));
  readCounter(registry, 'acceptance_shed_total', () => REASONS.map((reason) => [{ reason }, overload.shed[reason]] as const));
}
