import { byLabel, readSamples, type Sample, valueOf } from './prometheus-text.js';

/** Milliseconds for one answer; a part that takes longer is of no use to anybody. */
const PATIENCE = 3_000;

/** What a gateway sees of whom it asks. */
export interface PeerStatus {
  readonly up: boolean | null;
  /** Addresses of it that are only probed, as they failed so often. */
  readonly breakersOpen: number;
  /** Of its answers since the gateway started, on average. */
  readonly meanMs: number | null;
}

export interface FeedStatus {
  readonly state: string;
  readonly lagSeconds: number | null;
  readonly waiting: number | null;
}

export interface DispatchStatus {
  readonly waiting: number;
  readonly refused: number;
  readonly oldestSeconds: number;
}

/** One process, as it answers at this moment. */
export interface PartStatus {
  readonly url: string;
  /** Undefined while it is not known what answers there. */
  readonly kind: 'gateway' | 'subgraph' | undefined;
  readonly name: string | undefined;
  /** Why nothing of it is known: it does not answer, or is something else. */
  readonly failure: string | undefined;
  readonly latencyMs: number | undefined;
  readonly ready: boolean;
  readonly draining: boolean;
  /** False: `/metrics` is not for whoever asks. */
  readonly metrics: boolean;
  readonly version: string | null;
  readonly graph: { readonly version: string; readonly source: string; readonly since: string } | null;
  readonly registryReachable: boolean | null;
  readonly subgraphsDown: readonly string[];
  readonly peers: Readonly<Record<string, PeerStatus>>;
  readonly stores: Readonly<Record<string, string>>;
  /** 1 yes, 0 not yet, -1 refused. */
  readonly registered: number | null;
  readonly feeds: Readonly<Record<string, FeedStatus>>;
  /** Whether it follows feeds for all instances at this moment. */
  readonly leads: boolean;
  readonly dispatch: Readonly<Record<string, DispatchStatus>>;
}

interface Ready {
  readonly ready: boolean;
  readonly draining?: boolean;
  readonly name?: string;
  readonly stores?: Record<string, string>;
  readonly feeds?: Record<string, string>;
  readonly generation?: { version: string; source: string; since: string } | null;
  readonly registry?: { reachable: boolean } | null;
  readonly subgraphsDown?: string[];
}

/** Asks one process how it is; never rejects. */
export async function partStatus(url: string, token: string | undefined): Promise<PartStatus> {
  const began = performance.now();
  let ready: Ready;
  try {
    const response = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(PATIENCE), redirect: 'error' });
    ready = (await response.json()) as Ready;
  } catch (error) {
    return told(url, undefined, failureOf(error), began, [], false);
  }
  if (typeof ready?.ready !== 'boolean') return told(url, undefined, 'what answers there is no part of the platform', began, [], false);
  const latency = performance.now();
  const samples = await metricsOf(url, token);
  return told(url, ready, undefined, began, samples ?? [], samples !== undefined, latency);
}

async function metricsOf(url: string, token: string | undefined): Promise<Sample[] | undefined> {
  try {
    const response = await fetch(new URL('/metrics', url), {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(PATIENCE),
      redirect: 'error',
    });
    return response.ok ? readSamples(await response.text()) : undefined;
  } catch {
    return undefined;
  }
}

function failureOf(error: unknown): string {
  if ((error as Error).name === 'TimeoutError') return `it does not answer within ${PATIENCE / 1_000} s`;
  if (error instanceof SyntaxError) return 'what answers there is no part of the platform';
  const { code } = ((error as Error).cause ?? error) as { code?: unknown };
  return typeof code === 'string' ? `it does not answer (${code})` : 'it does not answer';
}

function told(
  url: string,
  ready: Ready | undefined,
  failure: string | undefined,
  began: number,
  samples: readonly Sample[],
  metrics: boolean,
  answered = performance.now(),
): PartStatus {
  const isGateway = ready !== undefined && ready.generation !== undefined;
  const build = samples.find(({ name }) => name === 'acceptance_build_info')?.labels;
  return {
    url,
    kind: ready === undefined ? undefined : isGateway ? 'gateway' : 'subgraph',
    name: isGateway ? 'gateway' : ready?.name,
    failure,
    latencyMs: failure === undefined ? Math.round(answered - began) : undefined,
    ready: ready?.ready ?? false,
    draining: ready?.draining ?? false,
    metrics,
    version: build?.['version'] ?? null,
    graph: ready?.generation ?? null,
    registryReachable: ready?.registry?.reachable ?? null,
    subgraphsDown: ready?.subgraphsDown ?? [],
    peers: isGateway ? peersOf(samples) : {},
    stores: ready?.stores ?? {},
    registered: valueOf(samples, 'acceptance_registered') ?? null,
    feeds: feedsOf(ready?.feeds ?? {}, samples),
    leads: samples.some(({ name }) => name === 'acceptance_consumer_connected'),
    dispatch: dispatchOf(samples),
  };
}

function peersOf(samples: readonly Sample[]): Record<string, PeerStatus> {
  const up = byLabel(samples, 'acceptance_required_subgraph_up', 'peer');
  const open = byLabel(samples, 'acceptance_breaker_open', 'peer');
  const sum = (name: string, peer: string) =>
    samples.filter((sample) => sample.name === name && sample.labels['peer'] === peer).reduce((total, { value }) => total + value, 0);
  return Object.fromEntries(
    [...new Set([...up.keys(), ...open.keys()])].sort().map((peer) => {
      const count = sum('acceptance_fetch_duration_seconds_count', peer);
      const meanMs = count === 0 ? null : Math.round((sum('acceptance_fetch_duration_seconds_sum', peer) / count) * 1_000);
      const isUp = up.get(peer);
      return [peer, { up: isUp === undefined ? null : isUp === 1, breakersOpen: open.get(peer) ?? 0, meanMs }];
    }),
  );
}

function feedsOf(states: Readonly<Record<string, string>>, samples: readonly Sample[]): Record<string, FeedStatus> {
  const connected = byLabel(samples, 'acceptance_consumer_connected', 'source');
  const lag = byLabel(samples, 'acceptance_consumer_lag_seconds', 'source');
  const waiting = byLabel(samples, 'acceptance_consumer_lag_events', 'source');
  return Object.fromEntries(
    [...new Set([...Object.keys(states), ...connected.keys()])].sort().map((source) => {
      const state = states[source] === 'rewound' ? 'rewound' : connected.get(source) === 0 ? 'sought' : 'followed';
      return [source, { state, lagSeconds: lag.get(source) ?? null, waiting: waiting.get(source) ?? null }];
    }),
  );
}

function dispatchOf(samples: readonly Sample[]): Record<string, DispatchStatus> {
  const waiting = byLabel(samples, 'acceptance_dispatch_waiting', 'department');
  const refused = byLabel(samples, 'acceptance_dispatch_refused', 'department');
  const oldest = byLabel(samples, 'acceptance_dispatch_oldest_seconds', 'department');
  return Object.fromEntries(
    [...waiting].map(([code, count]) => [
      code,
      { waiting: count, refused: refused.get(code) ?? 0, oldestSeconds: Math.round(oldest.get(code) ?? 0) },
    ]),
  );
}
