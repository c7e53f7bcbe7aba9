import { Registry } from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { CataloguedError } from '../../../../subgraphs/kit/errors/catalogued-error.js';
import { ConsumerProgress } from '../../../../subgraphs/kit/feed/feed-reader.js';
import { feedEvents } from '../../../../subgraphs/kit/feed/feed-tables.js';
import { readOne } from '../../../../subgraphs/kit/observability/instruments.js';
import { METRICS } from '../../../../subgraphs/kit/observability/metric-table.js';
import { RequestMetrics } from '../../../../subgraphs/kit/observability/request-metrics.js';
import { STORES } from '../../../support/stores.js';
import { INPUT, WAITING, WINDOW, World } from '../../platform/acceptance/world.js';

const metricsOf = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(new URL('/metrics', url), { headers });
  return { status: response.status, text: await response.text() };
};

/** The value of a metric that has these labels beside its subgraph's name. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}): number | undefined {
  for (const line of text.split('\n')) {
    const [, found, given = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found === name && Object.entries(labels).every(([label, wanted]) => given.includes(`${label}="${wanted}"`))) return Number(value);
  }
  return undefined;
}

describe.each(STORES)('what a subgraph tells at /metrics, on $name', ({ skip, open }) => {
  test.skipIf(skip)('is how it does: requests, feeds, dispatch, stores', async () => {
    await using files = await open();
    await using world = await World.open(files.url);
    await world.start();
    const drug = await world.department('drug');
    const transport = await world.department('transport');
    await world.known('drug');
    await world.known('transport');
    drug.refusal = new CataloguedError('BAD_USER_INPUT', 'no');
    await transport.down();
    await world.accepted('drug');
    await world.accepted('drug');
    const there = await world.accepted('transport');
    await world.ask(WINDOW, 'query { case(number: "nothing of the kind") { number } }');
    await world.ask(WINDOW, '{ nothingOfTheKind }');
    const { url } = world.acceptance;
    await vi.waitFor(async () => {
      const { text } = await metricsOf(url);
      expect(valueOf(text, 'acceptance_dispatch_refused', { department: 'drug' })).toBe(2);
      expect(valueOf(text, 'acceptance_consumer_connected', { source: 'department:transport' })).toBe(0);
      expect(valueOf(text, 'acceptance_projection_lag_events', { projection: 'inbox' })).toBe(0);
      expect(valueOf(text, 'acceptance_consumer_lag_seconds', { source: 'department:transport' })).toBeGreaterThan(0);
    }, WAITING);

    const { text } = await metricsOf(url);
    expect(text).toMatch(/^acceptance_requests_in_flight\{subgraph="acceptance"\} 1$/m);
    expect(valueOf(text, 'acceptance_subgraph_requests_total', { type: 'mutation', code: 'OK' })).toBe(6);
    expect(valueOf(text, 'acceptance_subgraph_requests_total', { type: 'none', code: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
    expect(valueOf(text, 'acceptance_subgraph_request_duration_seconds_count', { type: 'mutation', outcome: 'ok' })).toBe(6);
    expect(valueOf(text, 'acceptance_dispatch_waiting', { department: 'drug' })).toBe(2);
    expect(valueOf(text, 'acceptance_dispatch_waiting', { department: 'transport' })).toBe(1);
    expect(valueOf(text, 'acceptance_dispatch_refused', { department: 'transport' })).toBe(0);
    const oldest = valueOf(text, 'acceptance_dispatch_oldest_seconds', { department: 'drug' });
    expect(oldest).toBeGreaterThan(0);
    expect(oldest).toBeLessThan(60);
    expect(valueOf(text, 'acceptance_dispatch_attempts_total', { department: 'drug', outcome: 'refused' })).toBeGreaterThan(1);
    expect(valueOf(text, 'acceptance_feed_head_position')).toBe(await world.acceptance.store.fork().count(feedEvents));
    expect(valueOf(text, 'acceptance_consumer_connected', { source: 'department:drug' })).toBe(1);
    expect(valueOf(text, 'acceptance_consumer_lag_seconds', { source: 'department:drug' })).toBe(0);
    expect(valueOf(text, 'acceptance_consumer_lag_events', { source: 'department:drug' })).toBe(0);
    expect(valueOf(text, 'acceptance_consumer_applied_total', { source: 'registry:departments' })).toBe(2);
    expect(valueOf(text, 'acceptance_consumer_failures_total', { source: 'department:transport' })).toBeGreaterThan(0);
    expect(valueOf(text, 'acceptance_store_up', { store: 'main' })).toBe(1);
    expect(valueOf(text, 'acceptance_store_up', { store: 'audit' })).toBe(1);
    expect(valueOf(text, 'acceptance_store_queries_total', { store: 'main' })).toBeGreaterThan(50);
    expect(valueOf(text, 'acceptance_store_transactions_total', { store: 'main', outcome: 'committed' })).toBeGreaterThan(5);
    expect(valueOf(text, 'acceptance_audit_failures_total')).toBe(0);
    expect(valueOf(text, 'acceptance_personal_data_failures_total', { operation: 'open' })).toBe(0);
    expect(valueOf(text, 'acceptance_registered')).toBe(1);
    for (const secret of [INPUT.applicant.name, INPUT.applicant.idNumber, INPUT.applicant.phone, there]) expect(text).not.toContain(secret);

    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);
    expect(names.filter((name) => !(name in METRICS))).toEqual([]);
    const missing = Object.entries(METRICS).filter(([name, { of }]) => of !== 'gateway' && !names.includes(name));
    expect(missing.map(([name]) => name)).toEqual([
      'acceptance_department_endpoint',
      'acceptance_draining',
      'acceptance_supervision_alerts',
    ]);
  });
});

describe('metrics of a subgraph', () => {
  test('are for whoever asks directly, or has the token', async () => {
    await using world = await World.open('memory:', { metricsToken: 's3cret' });
    await world.start();
    const { url } = world.acceptance;
    expect((await metricsOf(url)).status).toBe(404);
    expect((await metricsOf(url, { authorization: 'Bearer s3cret' })).status).toBe(200);
  });

  test('go on without those of a store that is gone or stuck', async () => {
    const registry = new Registry();
    readOne(registry, 'acceptance_feed_head_position', () => Promise.reject(new Error('gone')));
    readOne(registry, 'acceptance_feed_oldest_position', () => new Promise(() => {}));
    readOne(registry, 'acceptance_requests_in_flight', () => 7);
    const text = await registry.metrics();
    expect(text).toMatch(/^acceptance_requests_in_flight 7$/m);
    expect(text).not.toMatch(/^acceptance_feed/m);
  });

  test('have no label that somebody else could make up', async () => {
    const registry = new Registry();
    const requests = new RequestMetrics(registry, 'gateway');
    for (const code of ['NO"SUCH\nCODE', 'toString', 42]) requests.count('none', { extensions: { code } });
    requests.count('query', { extensions: { code: 'CASE_NOT_FOUND' } });
    const counted = (await registry.metrics()).split('\n').filter((line) => line.startsWith('acceptance_requests_total{'));
    expect(counted).toEqual([
      'acceptance_requests_total{type="none",code="OTHER"} 3',
      'acceptance_requests_total{type="query",code="CASE_NOT_FOUND"} 1',
    ]);
  });
});

describe('how far a consumer is behind', () => {
  test('is told from when it was last level: not connected, or with events that wait', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      const progress = new ConsumerProgress('x');
      vi.advanceTimersByTime(1_000);
      expect([progress.connected, progress.behindMs]).toEqual([false, 1_000]);
      const stream = { connected: false, waiting: 0 };
      progress.opened(stream);
      expect(progress.behindMs).toBe(1_000);
      stream.connected = true;
      expect(progress.behindMs).toBe(0);
      stream.waiting = 2;
      progress.began();
      vi.advanceTimersByTime(500);
      expect([progress.waiting, progress.behindMs > 0]).toEqual([3, true]);
      stream.waiting = 0;
      progress.ended();
      expect([progress.waiting, progress.behindMs]).toEqual([0, 0]);
      progress.closed();
      vi.advanceTimersByTime(250);
      expect([progress.connected, progress.behindMs]).toEqual([false, 250]);
    } finally {
      vi.useRealTimers();
    }
  });
});
