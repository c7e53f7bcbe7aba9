import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

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
  readonly #closes: Counter;
  readonly #connections: Gauge;
  /** Frames that wait for slow clients. */
  queued = 0;
  gauges: LiveGauges | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#received = new Counter({ name: 'acceptance_live_events_received_total', help: 'Events that came from subgraphs.', registers });
    this.#delivered = new Counter({ name: 'acceptance_live_events_delivered_total', help: 'Events given to clients.', registers });
    this.#lag = new Histogram({
      name: 'acceptance_live_lag_seconds',
      help: 'From an event coming from its subgraph to its result being given to clients.',
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
      registers,
    });
    this.#losses = new Counter({ name: 'acceptance_live_upstream_losses_total', help: 'Upstream connections lost.', registers });
    this.#closes = new Counter({
      name: 'acceptance_live_closes_total',
      help: 'Client connections closed, by protocol and reason.',
      labelNames: ['protocol', 'reason'],
      registers,
    });
    this.#connections = new Gauge({
      name: 'acceptance_live_connections',
      help: 'Client connections that are open.',
      labelNames: ['protocol'],
      registers,
    });
    const gauge = (name: string, help: string, read: () => number | undefined) =>
      new Gauge({
        name: `acceptance_live_${name}`,
        help,
        registers,
        collect() {
          this.set(read() ?? 0);
        },
      });
    gauge('subscriptions', 'Subscriptions of clients.', () => this.gauges?.watchers);
    gauge('operations', 'Distinct operations that are completed for them.', () => this.gauges?.operations);
    gauge('upstreams', 'Subscriptions at subgraphs.', () => this.gauges?.upstreams);
    gauge('lag_events', 'Events that wait to be completed.', () => this.gauges?.pending);
    gauge('queue_depth', 'Frames that wait for slow clients.', () => this.queued);
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
