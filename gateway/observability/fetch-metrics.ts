import type { Counter, Histogram, Registry } from 'prom-client';
import { counterOf, histogramOf, readGauge } from '../../subgraphs/kit/observability/instruments.js';
import type { EndpointState, FetchObserver, FetchOutcome } from '../fetching/fetch-observer.js';

/** What `/metrics` tells of departments and subgraphs as this gateway finds them. */
export class FetchMetrics implements FetchObserver {
  readonly #fetches: Counter<'peer' | 'outcome'>;
  readonly #duration: Histogram<'peer'>;
  readonly #retries: Counter<'peer' | 'outcome'>;
  /** Told of by whoever has the connections. */
  endpoints: () => Iterable<EndpointState> = () => [];

  constructor(registry: Registry) {
    this.#fetches = counterOf(registry, 'acceptance_fetches_total');
    this.#duration = histogramOf(registry, 'acceptance_fetch_duration_seconds');
    this.#retries = counterOf(registry, 'acceptance_fetch_retries_total');
    // one peer may have several addresses
    const each = (value: (state: EndpointState) => number) => () => {
      const sums = new Map<string, number>();
      for (const state of this.endpoints()) sums.set(state.peer, (sums.get(state.peer) ?? 0) + value(state));
      return [...sums].map(([peer, sum]) => [{ peer }, sum] as const);
    };
    readGauge(
      registry,
      'acceptance_breaker_open',
      each(({ open }) => (open ? 1 : 0)),
    );
    readGauge(
      registry,
      'acceptance_bulkhead_running',
      each(({ running }) => running),
    );
    readGauge(
      registry,
      'acceptance_bulkhead_waiting',
      each(({ waiting }) => waiting),
    );
    readGauge(
      registry,
      'acceptance_bulkhead_size',
      each(({ size }) => size),
    );
  }

  fetched(peer: string, outcome: FetchOutcome, ms: number): void {
    this.#fetches.inc({ peer, outcome });
    this.#duration.observe({ peer }, ms / 1_000);
  }

  retried(peer: string, outcome: 'made' | 'denied'): void {
    this.#retries.inc({ peer, outcome });
  }
}
