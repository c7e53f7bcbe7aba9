import type { Registry } from 'prom-client';
import { readGauge } from '../../../kit/observability/instruments.js';
import type { Store } from '../../../kit/store/open-store.js';
import { alertTallies } from '../store/tables.js';
import { ALERT_LEVELS, STATES_IN_HAND } from '../types/enums.js';

/** What `/metrics` tells of alerts in which somebody still has to do something. */
export function alertMetrics(registry: Registry, store: Store): void {
  readGauge(registry, 'acceptance_supervision_alerts', async () => {
    const tallies = await store.fork().find(alertTallies, { state: { $in: [...STATES_IN_HAND] } });
    return Object.keys(ALERT_LEVELS).map((level) => {
      const sum = tallies.filter((tally) => tally.level === level).reduce((total, { count }) => total + count, 0);
      return [{ level }, sum] as const;
    });
  });
}
