import type { Registry } from 'prom-client';
import type { EventFeed } from '../feed/event-feed.js';
import type { PersonalDataKeys } from '../privacy/personal-data-keys.js';
import type { Evidence } from '../server/evidence.js';
import type { Store } from '../store/open-store.js';
import { consumerMetrics, feedMetrics } from './feed-metrics.js';
import { readCounter, readOne } from './instruments.js';
import { type NamedStore, storeMetrics } from './store-metrics.js';

/** What a subgraph is made of, as far as it is watched. */
export interface WatchedParts {
  readonly store?: Store | undefined;
  readonly feed?: EventFeed | undefined;
  readonly evidence?: Evidence | undefined;
  readonly personalData?: Pick<PersonalDataKeys, 'failures'> | undefined;
  /** Settles once the registry has taken it, or refused it. */
  readonly registered?: Promise<unknown> | undefined;
}

/** What every subgraph tells beside its requests. */
export function subgraphMetrics(registry: Registry, parts: WatchedParts): void {
  const { store, feed, evidence, personalData } = parts;
  storeMetrics(registry, () => storesOf(parts));
  if (store !== undefined) consumerMetrics(registry, store);
  if (feed !== undefined) feedMetrics(registry, feed);
  if (evidence !== undefined) readCounter(registry, 'acceptance_audit_failures_total', () => [[{}, evidence.audit.failures]]);
  if (personalData !== undefined) {
    readCounter(registry, 'acceptance_personal_data_failures_total', () =>
      (['seal', 'open'] as const).map((operation) => [{ operation }, personalData.failures[operation]] as const),
    );
  }
}

/** Tells whether the registry has taken a subgraph. */
export function registrationMetric(registry: Registry, registered: Promise<unknown>): void {
  let state = 0;
  registered.then(
    () => {
      state = 1;
    },
    () => {
      state = -1;
    },
  );
  readOne(registry, 'acceptance_registered', () => state);
}

/** Its own store, and that of its audit once it is open. */
export function storesOf({ store, evidence }: WatchedParts): NamedStore[] {
  const audit = evidence?.audit.store;
  return [...(store === undefined ? [] : [{ name: 'main', store }]), ...(audit === undefined ? [] : [{ name: 'audit', store: audit }])];
}
