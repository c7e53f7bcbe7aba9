import type { Registry } from 'prom-client';
import type { Store } from '../store/open-store.js';
import { readCounter, readGauge } from './instruments.js';

export interface NamedStore {
  /** As the label `store` says it. */
  readonly name: string;
  readonly store: Store;
}

/** What a subgraph tells of its stores; those that are still being opened are left out. */
export function storeMetrics(registry: Registry, stores: () => readonly NamedStore[]): void {
  readGauge(registry, 'acceptance_store_up', () =>
    Promise.all(stores().map(async ({ name, store }) => [{ store: name }, (await store.answers()) ? 1 : 0] as const)),
  );
  readCounter(registry, 'acceptance_store_queries_total', () =>
    stores().map(({ name, store }) => [{ store: name }, store.tally.statements] as const),
  );
  readCounter(registry, 'acceptance_store_transaction_retries_total', () =>
    stores().map(({ name, store }) => [{ store: name }, store.tally.retried] as const),
  );
  readCounter(registry, 'acceptance_store_transactions_total', () =>
    stores().flatMap(({ name, store: { tally } }) => [
      [{ store: name, outcome: 'committed' }, tally.committed] as const,
      [{ store: name, outcome: 'undone' }, tally.undone] as const,
    ]),
  );
  readGauge(registry, 'acceptance_store_pool_size', () =>
    stores().flatMap(({ name, store }) => {
      const pool = store.pool();
      return pool === undefined ? [] : [[{ store: name }, pool.size] as const];
    }),
  );
  readGauge(registry, 'acceptance_store_connections', () =>
    stores().flatMap(({ name, store }) => {
      const pool = store.pool();
      if (pool === undefined) return [];
      const { size, free, waiting } = pool;
      return Object.entries({ used: size - free, free, waiting }).map(([state, count]) => [{ store: name, state }, count] as const);
    }),
  );
}
