import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { METRICS } from '../../../subgraphs/kit/observability/metric-table.js';
import { type Province, startProvince } from '../server/small-province.js';
import { post, startTestGateway } from '../server/test-gateway.js';

const stack = new AsyncDisposableStack();
let province: Province;
let gateway: RunningGateway;

beforeAll(async () => {
  province = stack.use(await startProvince());
  gateway = stack.use(
    await startTestGateway(province.document(), { fetching: { timeoutMs: 200, breakerFailures: 2, breakerProbeMs: 60_000 } }),
  );
});
afterAll(() => stack.disposeAsync());

const metricsOf = async (origin: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${origin}/metrics`, { headers });
  return { status: response.status, text: await response.text() };
};

/** The value of one line; undefined when it is not there. */
const valueOf = (text: string, line: string) => {
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  return found === undefined ? undefined : Number(found.slice(line.length + 1));
};

describe('what a gateway tells at /metrics', () => {
  test('counts operations by type and code, and times them by outcome', async () => {
    await post(gateway.url, { query: '{ items { name } }' });
    await post(gateway.url, { query: 'mutation { rename(code: "i1", name: "药品经营许可") { name } }' });
    await post(gateway.url, { query: '{ broken items { name } }' });
    await post(gateway.url, { query: '{ nothingOfTheKind }' });
    await post(gateway.url, 'no json');
    await expect.poll(async () => valueOf((await metricsOf(gateway.origin)).text, 'acceptance_requests_in_flight')).toBe(1);
    const { text } = await metricsOf(gateway.origin);
    expect(valueOf(text, 'acceptance_requests_total{type="query",code="OK"}')).toBe(1);
    expect(valueOf(text, 'acceptance_requests_total{type="mutation",code="OK"}')).toBe(1);
    expect(valueOf(text, 'acceptance_requests_total{type="query",code="DOWNSTREAM_SERVICE_ERROR"}')).toBe(1);
    expect(valueOf(text, 'acceptance_requests_total{type="none",code="GRAPHQL_VALIDATION_FAILED"}')).toBe(1);
    expect(valueOf(text, 'acceptance_requests_total{type="none",code="BAD_REQUEST"}')).toBe(1);
    expect(valueOf(text, 'acceptance_request_duration_seconds_count{type="query",outcome="ok"}')).toBe(1);
    expect(valueOf(text, 'acceptance_request_duration_seconds_count{type="query",outcome="partial"}')).toBe(1);
  });

  test('counts plans, and where they came from', async () => {
    const before = (await metricsOf(gateway.origin)).text;
    for (const _ of [1, 2, 3]) await post(gateway.url, { query: 'query Planned { items { code } }' });
    const { text } = await metricsOf(gateway.origin);
    const grown = (line: string) => (valueOf(text, line) ?? 0) - (valueOf(before, line) ?? 0);
    expect(grown('acceptance_plans_total{result="miss"}')).toBe(1);
    expect(grown('acceptance_plans_total{result="hit"}')).toBe(2);
    expect(grown('acceptance_plan_duration_seconds_count')).toBe(1);
    expect(grown('acceptance_plan_cache_size')).toBe(1);
  });

  test('counts requests to each department by outcome, and says which is only probed', async () => {
    province.transport.behaviour = 'html';
    province.drug.behaviour = 'hang';
    const query = '{ cases { number handling } }';
    await post(gateway.url, { query });
    await post(gateway.url, { query });
    await post(gateway.url, { query });
    const { text } = await metricsOf(gateway.origin);
    province.transport.behaviour = 'answer';
    province.drug.behaviour = 'answer';
    expect(valueOf(text, 'acceptance_fetches_total{peer="transport",outcome="failed"}')).toBe(1);
    expect(valueOf(text, 'acceptance_fetch_retries_total{peer="transport",outcome="made"}')).toBe(1);
    expect(valueOf(text, 'acceptance_fetches_total{peer="transport",outcome="breaker"}')).toBe(2);
    expect(valueOf(text, 'acceptance_fetches_total{peer="drug",outcome="timeout"}')).toBe(2);
    expect(valueOf(text, 'acceptance_fetches_total{peer="ledger",outcome="ok"}')).toBe(3);
    expect(valueOf(text, 'acceptance_fetch_duration_seconds_count{peer="ledger"}')).toBe(3);
    expect(valueOf(text, 'acceptance_breaker_open{peer="transport"}')).toBe(1);
    expect(valueOf(text, 'acceptance_breaker_open{peer="ledger"}')).toBe(0);
    expect(valueOf(text, 'acceptance_bulkhead_running{peer="ledger"}')).toBe(0);
    expect(valueOf(text, 'acceptance_bulkhead_size{peer="ledger"}')).toBe(128);
  });

  test('names nothing that is not in the table, or a default of the process', async () => {
    const { text } = await metricsOf(gateway.origin);
    const names = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name as string);
    expect(names.length).toBeGreaterThan(30);
    expect(names.filter((name) => !(name in METRICS) && !/^acceptance_(process|nodejs)_/.test(name))).toEqual([]);
    const missing = Object.entries(METRICS).filter(([name, { of }]) => (of === 'gateway' || of === 'both') && !names.includes(name));
    // without an audit, a registry, or subgraphs that have to be there, there is nothing to tell of them
    expect(missing.map(([name]) => name)).toEqual(['acceptance_audit_lost_total', 'acceptance_required_subgraph_up']);
  });
});

describe('who may read /metrics', () => {
  test('without a token: whoever asks directly from within, and nobody through a proxy', async () => {
    expect((await metricsOf(gateway.origin)).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
      const { status, text } = await metricsOf(gateway.origin, { [header]: '10.0.0.7' });
      expect([header, status]).toEqual([header, 404]);
      expect(text).not.toContain('acceptance_');
    }
  });

  test('with one: whoever sends it, and nobody else', async () => {
    await using guarded = await startTestGateway(province.document(), { metricsToken: 's3cret' });
    expect((await metricsOf(guarded.origin)).status).toBe(404);
    expect((await metricsOf(guarded.origin, { authorization: 'Bearer s3cre' })).status).toBe(404);
    expect((await metricsOf(guarded.origin, { authorization: 'Bearer s3cret', 'x-forwarded-for': '10.0.0.7' })).status).toBe(200);
  });
});
