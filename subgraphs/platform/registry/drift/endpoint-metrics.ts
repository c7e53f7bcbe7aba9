import type { Registry } from 'prom-client';
import { readGauge } from '../../../kit/observability/instruments.js';
import type { Store } from '../../../kit/store/open-store.js';
import { EndpointState } from '../endpoint-state.js';
import { endpointObservations } from './tables.js';

/** What `/metrics` tells of departments' endpoints, as they were found last, by whichever instance. */
export function endpointMetrics(registry: Registry, store: Store): void {
  readGauge(registry, 'acceptance_department_endpoint', async () => {
    const rows = await store.fork().find(endpointObservations, {});
    return rows.flatMap(({ code, state }) =>
      Object.values(EndpointState).map((each) => [{ department: code, state: each }, each === state ? 1 : 0] as const),
    );
  });
}
