import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { counterOf, gaugeOf, histogramOf, readOne } from '../../subgraphs/kit/observability/instruments.js';

export type LiveProtocol = 'websocket' | 'sse' | 'multipart';

/** Why a connection was closed, as `/metrics` names it. */
export type CloseReason =
  | 'client'
  | 'slow'
  | 'drain'
  | 'expired'
  | 'lifetime'
  | 'idle'
  | 'protocol'
  | 'unauthenticated'
  | 'limit'
  | 'dead'
  | 'ended';

/** Numbers that are read when they are asked for. */
export interface LiveGauges {
  readonly watchers: number;
  readonly operations: number;
  readonly upstreams: number;
  readonly pending: number;
}

/** What `/metrics` tells of live subscriptions. */
export class LiveMetrics {
  readonly #received: Counter;
  readonly #delivered: Counter;
  readonly #lag: Histogram;
  readonly #losses: Counter;
  readonly #closes: Counter<'protocol' | 'reason'>;
  readonly #connections: Gauge<'protocol'>;
  /** Frames that wait for slow clients. */
  queued = 0;
  gauges: LiveGauges | undefined;

  constructor(registry: Registry) {
    this.#received = counterOf(registry, 'acceptance_live_events_received_total');
    this.#delivered = counterOf(registry, 'acceptance_live_events_delivered_total');
    this.#lag = histogramOf(registry, 'acceptance_live_lag_seconds');
    this.#losses = counterOf(registry, 'acceptance_live_upstream_losses_total');
    this.#closes = counterOf(registry, 'acceptance_live_closes_total');
    this.#connections = gaugeOf(registry, 'acceptance_live_connections');
    readOne(registry, 'acceptance_live_subscriptions', () => this.gauges?.watchers ?? 0);
    readOne(registry, 'acceptance_live_operations', () => this.gauges?.operations ?? 0);
    readOne(registry, 'acceptance_live_upstreams', () => this.gauges?.upstreams ?? 0);
    readOne(registry, 'acceptance_live_lag_events', () => this.gauges?.pending ?? 0);
    readOne(registry, 'acceptance_live_queue_depth', () => this.queued);
  }

  received(): void {
    this.#received.inc();
  }

  delivered(watchers: number, lagMs: number): void {
    this.#delivered.inc(watchers);
    this.#lag.observe(lagMs / 1_000);
  }

  upstreamLost(): void {
    this.#losses.inc();
  }

  opened(protocol: LiveProtocol): void {
    this.#connections.inc({ protocol });
  }

  closed(protocol: LiveProtocol, reason: CloseReason): void {
    this.#connections.dec({ protocol });
    this.#closes.inc({ protocol, reason });
  }
}
