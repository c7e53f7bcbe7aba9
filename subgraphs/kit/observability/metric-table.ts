/** What one metric is, for whoever reads a dashboard or writes an alert. */
export interface MetricEntry {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** Who has it: a gateway, every subgraph, or the one that is named. */
  readonly of: 'gateway' | 'subgraphs' | 'both' | 'acceptance' | 'registry' | 'supervision';
  /** One sentence. */
  readonly help: string;
  /** Each has few values, whatever clients send. */
  readonly labels?: readonly string[];
  /** Of a histogram. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/**
 * Every metric of the project's own, in alphabetical order; instruments are made of this table and of nothing else.
 * Names and labels are a promise to dashboards and alert rules: they are added, never renamed. The README prints it and
 * a test compares them. All that a subgraph tells carries the label `subgraph` with its name.
 */
export const METRICS = {
  acceptance_audit_failures_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Records of mutations and refusals that the audit store did not take; such a mutation is not carried out.',
  },
  acceptance_audit_lost_total: {
    type: 'counter',
    of: 'gateway',
    help: 'Refusals and mutations that the audit could not record.',
  },
  acceptance_breaker_open: {
    type: 'gauge',
    of: 'gateway',
    help: 'Addresses of a department or subgraph that failed so often in a row that they are only probed; 0 while all is well.',
    labels: ['peer'],
  },
  acceptance_build_info: {
    type: 'gauge',
    of: 'both',
    help: 'Always 1: which service this is, of which version, on which Node.js.',
    labels: ['service', 'version', 'node'],
  },
  acceptance_bulkhead_running: {
    type: 'gauge',
    of: 'gateway',
    help: 'Requests under way to a department or subgraph.',
    labels: ['peer'],
  },
  acceptance_bulkhead_size: {
    type: 'gauge',
    of: 'gateway',
    help: 'How many may be under way to it at once.',
    labels: ['peer'],
  },
  acceptance_bulkhead_waiting: {
    type: 'gauge',
    of: 'gateway',
    help: 'Requests that wait for their turn.',
    labels: ['peer'],
  },
  acceptance_consumer_applied_total: {
    type: 'counter',
    of: 'subgraphs',
    help: "Events of a followed feed that this process applied, or knew already, with their place in its feed's cursor.",
    labels: ['source'],
  },
  acceptance_consumer_connected: {
    type: 'gauge',
    of: 'subgraphs',
    help: '1 while a followed feed is read, 0 while it is sought again.',
    labels: ['source'],
  },
  acceptance_consumer_failures_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'How often following a feed broke off, or an event could not be applied and was tried again.',
    labels: ['source'],
  },
  acceptance_consumer_lag_events: {
    type: 'gauge',
    of: 'subgraphs',
    help: 'Events that came from a followed feed and wait to be applied; what its publisher has not sent is not in it.',
    labels: ['source'],
  },
  acceptance_consumer_lag_seconds: {
    type: 'gauge',
    of: 'subgraphs',
    help: 'For how long this process has not been level with a followed feed, as far as it can know; 0 while it is.',
    labels: ['source'],
  },
  acceptance_consumer_refused_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Events of a followed feed that can never be applied and were recorded with the reason.',
    labels: ['source'],
  },
  acceptance_consumer_rewound: {
    type: 'gauge',
    of: 'subgraphs',
    help: '1 while a followed feed does not know what was applied of it last (its store was set back, or begun anew), and nothing of it is applied; 0 otherwise. By any instance.',
    labels: ['source'],
  },
  acceptance_department_endpoint: {
    type: 'gauge',
    of: 'registry',
    help: '1 for the state in which a department was found when it was last asked what it is: MATCHES, DIFFERS, UNREACHABLE.',
    labels: ['department', 'state'],
  },
  acceptance_dispatch_attempts_total: {
    type: 'counter',
    of: 'acceptance',
    help: 'Attempts of this process to hand a case to its department, by what came of them: delivered, refused, failed.',
    labels: ['department', 'outcome'],
  },
  acceptance_dispatch_oldest_seconds: {
    type: 'gauge',
    of: 'acceptance',
    help: 'How long ago the oldest case was accepted that its department has not received; 0 when there is none.',
    labels: ['department'],
  },
  acceptance_dispatch_refused: {
    type: 'gauge',
    of: 'acceptance',
    help: 'Accepted cases that their department refused when they were last handed to it.',
    labels: ['department'],
  },
  acceptance_dispatch_waiting: {
    type: 'gauge',
    of: 'acceptance',
    help: 'Accepted cases that their department has not received, refused ones included.',
    labels: ['department'],
  },
  acceptance_draining: { type: 'gauge', of: 'both', help: '1 once the process has been told to stop.' },
  acceptance_feed_head_position: {
    type: 'gauge',
    of: 'subgraphs',
    help: 'Position of the newest event of the feed that the subgraph publishes: how many it has ever told.',
  },
  acceptance_feed_oldest_position: {
    type: 'gauge',
    of: 'subgraphs',
    help: 'Position up to which events were given up; readers that have not come so far have missed some.',
  },
  acceptance_fetch_duration_seconds: {
    type: 'histogram',
    of: 'gateway',
    help: 'From asking a department or subgraph to having its answer, or giving it up; waiting and retries included.',
    labels: ['peer'],
    buckets: SECONDS,
  },
  acceptance_fetch_retries_total: {
    type: 'counter',
    of: 'gateway',
    help: 'Second attempts at a query, by whether the budget allowed them: made, denied.',
    labels: ['peer', 'outcome'],
  },
  acceptance_fetches_total: {
    type: 'counter',
    of: 'gateway',
    help: 'Requests to a department or subgraph: ok, errors (it answered with some), timeout, failed (no connection, or no GraphQL), shed (it said it is overloaded or stopping), breaker, bulkhead, abandoned (the client left).',
    labels: ['peer', 'outcome'],
  },
  acceptance_live_closes_total: {
    type: 'counter',
    of: 'gateway',
    help: 'Client connections closed, by protocol and reason.',
    labels: ['protocol', 'reason'],
  },
  acceptance_live_connections: {
    type: 'gauge',
    of: 'gateway',
    help: 'Client connections that are open.',
    labels: ['protocol'],
  },
  acceptance_live_events_delivered_total: { type: 'counter', of: 'gateway', help: 'Events given to clients.' },
  acceptance_live_events_received_total: { type: 'counter', of: 'gateway', help: 'Events that came from subgraphs.' },
  acceptance_live_lag_events: { type: 'gauge', of: 'gateway', help: 'Events that wait to be completed.' },
  acceptance_live_lag_seconds: {
    type: 'histogram',
    of: 'gateway',
    help: 'From an event coming from its subgraph to its result being given to clients.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30],
  },
  acceptance_live_operations: { type: 'gauge', of: 'gateway', help: 'Distinct operations that are completed for subscriptions.' },
  acceptance_live_queue_depth: { type: 'gauge', of: 'gateway', help: 'Frames that wait for slow clients.' },
  acceptance_live_subscriptions: { type: 'gauge', of: 'gateway', help: 'Subscriptions of clients.' },
  acceptance_live_upstream_losses_total: { type: 'counter', of: 'gateway', help: 'Upstream connections lost.' },
  acceptance_live_upstreams: { type: 'gauge', of: 'gateway', help: 'Subscriptions at subgraphs.' },
  acceptance_operation_cost: {
    type: 'histogram',
    of: 'gateway',
    help: 'Estimated cost of operations.',
    buckets: [1, 10, 100, 1_000, 10_000, 100_000],
  },
  acceptance_overload_lag_seconds: {
    type: 'gauge',
    of: 'both',
    help: 'By how much the event loop lags, smoothed over a second; what new requests are turned away by.',
  },
  acceptance_overloaded: {
    type: 'gauge',
    of: 'both',
    help: '1 while new requests are turned away, by what is too much: lag (of the event loop), requests (under way).',
    labels: ['reason'],
  },
  acceptance_personal_data_failures_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Values of personal data that could not be sealed or opened: a key is missing, or they were altered.',
    labels: ['operation'],
  },
  acceptance_plan_cache_size: { type: 'gauge', of: 'gateway', help: 'Operations that stay planned.' },
  acceptance_plan_duration_seconds: {
    type: 'histogram',
    of: 'gateway',
    help: 'How long planning an operation took that was not planned yet.',
    buckets: SECONDS,
  },
  acceptance_plans_total: {
    type: 'counter',
    of: 'gateway',
    help: 'Plans that were asked for, by where they came from: hit (the cache), miss (the planner).',
    labels: ['result'],
  },
  acceptance_projection_lag_events: {
    type: 'gauge',
    of: 'subgraphs',
    help: "Events of the subgraph's own feed that a projection has not applied.",
    labels: ['projection'],
  },
  acceptance_projection_lag_seconds: {
    type: 'gauge',
    of: 'subgraphs',
    help: 'How long ago the oldest of them happened; 0 when there is none.',
    labels: ['projection'],
  },
  acceptance_registered: {
    type: 'gauge',
    of: 'subgraphs',
    help: '1 once the registry has taken the subgraph, 0 before, -1 when it was refused; absent where there is no registry.',
  },
  acceptance_registry_reachable: {
    type: 'gauge',
    of: 'gateway',
    help: 'Whether the registry answered when it was last asked; absent where none is asked.',
  },
  acceptance_request_duration_seconds: {
    type: 'histogram',
    of: 'gateway',
    help: 'From a query or mutation coming to its answer, by its type and outcome: ok, partial (data and errors), error (no data).',
    labels: ['type', 'outcome'],
    buckets: SECONDS,
  },
  acceptance_requests_in_flight: { type: 'gauge', of: 'both', help: 'Requests under way.' },
  acceptance_requests_total: {
    type: 'counter',
    of: 'gateway',
    help: 'Operations of clients by type (query, mutation, subscription, none: it did not get so far) and the code of the first error; OK without one, OTHER for codes that are not of the catalogue.',
    labels: ['type', 'code'],
  },
  acceptance_required_subgraph_up: {
    type: 'gauge',
    of: 'gateway',
    help: '1 while a subgraph answers without which the gateway is not ready.',
    labels: ['peer'],
  },
  acceptance_shed_total: {
    type: 'counter',
    of: 'both',
    help: 'Requests, operations and sockets turned away by an overloaded process, by the reason.',
    labels: ['reason'],
  },
  acceptance_store_connections: {
    type: 'gauge',
    of: 'subgraphs',
    help: "Connections of a store's pool by state: used, free, and waiting (requests for one).",
    labels: ['store', 'state'],
  },
  acceptance_store_pool_size: {
    type: 'gauge',
    of: 'subgraphs',
    help: 'Connections that the pool has open.',
    labels: ['store'],
  },
  acceptance_store_queries_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Statements sent to a store.',
    labels: ['store'],
  },
  acceptance_store_transaction_retries_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Transactions that were run once more, since the database chose them as the victim of a deadlock.',
    labels: ['store'],
  },
  acceptance_store_transactions_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Transactions by how they ended: committed, undone.',
    labels: ['store', 'outcome'],
  },
  acceptance_store_up: {
    type: 'gauge',
    of: 'subgraphs',
    help: '1 while a store answers.',
    labels: ['store'],
  },
  acceptance_subgraph_request_duration_seconds: {
    type: 'histogram',
    of: 'subgraphs',
    help: 'From a request coming to a subgraph to its answer.',
    labels: ['type', 'outcome'],
    buckets: SECONDS,
  },
  acceptance_subgraph_requests_total: {
    type: 'counter',
    of: 'subgraphs',
    help: 'Operations that a subgraph was asked, by type and code, as acceptance_requests_total.',
    labels: ['type', 'code'],
  },
  acceptance_subgraph_subscriptions: { type: 'gauge', of: 'subgraphs', help: 'Sockets open to the subgraph, of gateways and followers.' },
  acceptance_supergraph_info: {
    type: 'gauge',
    of: 'gateway',
    help: 'The supergraph in service; origin disk is the last good one, kept for when the registry is down.',
    labels: ['version', 'origin'],
  },
  acceptance_supergraph_since_timestamp_seconds: { type: 'gauge', of: 'gateway', help: 'When it went into service.' },
  acceptance_supervision_alerts: {
    type: 'gauge',
    of: 'supervision',
    help: 'Alerts of electronic supervision that nobody has closed, by level.',
    labels: ['level'],
  },
} as const satisfies Record<string, MetricEntry>;

export type MetricName = keyof typeof METRICS;
