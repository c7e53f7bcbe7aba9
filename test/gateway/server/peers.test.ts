import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GatewayOptions, RunningGateway } from '../../../gateway/server/start-gateway.js';
import { type Province, startProvince } from './small-province.js';
import { type HandedSource, post, startTestGateway } from './test-gateway.js';

let stack: AsyncDisposableStack;
let province: Province;
let gateway: RunningGateway & { source: HandedSource };
const start = async (options: Partial<GatewayOptions> = {}) => {
  gateway = stack.use(await startTestGateway(province.document(), options));
};
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  province = stack.use(await startProvince());
});
afterEach(() => stack.disposeAsync());

const CASES = { query: '{ cases { number handling } }' };
const PARTIAL = {
  cases: [
    { number: '1', handling: null },
    { number: '2', handling: 'transport handles 2' },
  ],
};
const WHOLE = {
  cases: [
    { number: '1', handling: 'drug handles 1' },
    { number: '2', handling: 'transport handles 2' },
  ],
};

describe('a department in trouble', () => {
  test.for(['hang', 'html', 'reset'] as const)('(%s) costs its own fields and no others', async (behaviour) => {
    await start({ fetching: { departmentTimeoutsMs: { drug: 100 } } });
    province.drug.behaviour = behaviour;
    const { status, data, errors } = await post(gateway.url, CASES);
    expect({ status, data }).toEqual({ status: 200, data: PARTIAL });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'DEPARTMENT_UNAVAILABLE', department: 'drug' });
    expect(JSON.stringify(errors)).not.toMatch(/127\.0\.0\.1|10\.0\.0\.1|ECONN|Gateway|socket/i);
  });

  test('that hangs does not hold up a request that does not ask it', async () => {
    await start({ fetching: { timeoutMs: 20_000 } });
    province.drug.behaviour = 'hang';
    const abandon = new AbortController();
    const hanging = fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(CASES),
      signal: abandon.signal,
    }).catch((error: Error) => error.name);
    await expect.poll(() => province.drug.seen).toHaveLength(1);
    expect(await post(gateway.url, { query: '{ desk(departmentCode: "transport") items { code } }' })).toMatchObject({
      status: 200,
      data: { desk: 'transport desk' },
    });
    abandon.abort();
    expect(await hanging).toBe('AbortError');
    await expect.poll(() => province.drug.abandoned).toBe(1);
  });

  test('is asked no more after repeated failures', async () => {
    // no probe falls due while the test runs
    await start({ fetching: { breakerFailures: 3, breakerProbeMs: 3_600_000 } });
    province.drug.behaviour = 'html';
    for (let i = 0; i < 3; i++) await post(gateway.url, CASES);
    expect(province.drug.seen).toHaveLength(3);
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(gateway.url, CASES)));
    for (const { data } of answers) expect(data).toEqual(PARTIAL);
    expect(province.drug.seen).toHaveLength(3);
  });

  test('answers again by itself once a probe finds it well', async () => {
    await start({ fetching: { breakerFailures: 3, breakerProbeMs: 50 } });
    province.drug.behaviour = 'html';
    for (let i = 0; i < 4; i++) await post(gateway.url, CASES);
    province.drug.behaviour = 'answer';
    await expect.poll(async () => (await post(gateway.url, CASES)).data, { timeout: 20_000 }).toEqual(WHOLE);
    expect((await post(gateway.url, CASES)).data).toEqual(WHOLE);
  });
});

describe('a platform subgraph in trouble', () => {
  test('is named, without where it is', async () => {
    await start();
    await province.catalog[Symbol.asyncDispose]();
    const { status, data, errors } = await post(gateway.url, { query: '{ item(code: "i1") { name } cases { number } }' });
    expect(status).toBe(200);
    expect(data).toEqual({ item: null, cases: [{ number: '1' }, { number: '2' }] });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', service: 'catalog' });
    expect(JSON.stringify(errors)).not.toContain('127.0.0.1');
  });

  test('gets a mutation once, and a query once more when the connection was reset', async () => {
    await start();
    province.catalog.behaviour = 'reset';
    await post(gateway.url, { query: 'mutation { rename(code: "i1", name: "x") { name } }' });
    expect(province.catalog.seen).toHaveLength(1);
    await post(gateway.url, { query: '{ items { name } }' });
    expect(province.catalog.seen).toHaveLength(3);
  });

  test('that answers endlessly is cut off', async () => {
    await start({ fetching: { maxResponseSize: 1_000 } });
    province.names.set('i1', 'x'.repeat(2_000));
    const { errors } = await post(gateway.url, { query: '{ item(code: "i1") { name } }' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', service: 'catalog' });
  });

  test('that hangs does not outlast the deadline of the request', async () => {
    await start({ requestTimeoutMs: 200, fetching: { timeoutMs: 20_000 } });
    province.catalog.behaviour = 'hang';
    const { status, errors } = await post(gateway.url, { query: '{ item(code: "i1") { name } }' });
    expect(status).toBe(200);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE', service: 'catalog' });
  });

  test('is told the request id and the trace', async () => {
    await start();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await post(gateway.url, { query: '{ items { code } }' }, { 'x-request-id': 'r-7', traceparent });
    expect(province.catalog.seen[0]?.headers).toMatchObject({ 'x-request-id': 'r-7', traceparent });
    expect(province.catalog.seen[0]?.headers).not.toHaveProperty('authorization');
  });
});
