import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { Overload } from '../../../subgraphs/kit/server/overload.js';
import { collect } from '../subscriptions/collect.js';
import { CASES, type Province, startProvince } from './small-province.js';
import { post, socketTo, startTestGateway } from './test-gateway.js';

describe('what is too much', () => {
  const refused = (overload: Overload) => {
    try {
      overload.check();
      return false;
    } catch {
      return true;
    }
  };

  test('a loop that lags for a while, until it lags by half of that; a single stall is not', () => {
    using overload = new Overload({ lagMs: 100, inFlight: 0 });
    overload.lagged(300);
    expect([overload.reason, refused(overload)]).toEqual([undefined, false]);
    for (let looks = 0; looks < 3; looks++) overload.lagged(300);
    expect([overload.reason, refused(overload)]).toEqual(['lag', true]);
    while (overload.lag > 0.06) overload.lagged(0);
    expect(overload.reason).toBe('lag');
    while (overload.lag > 0.05) overload.lagged(0);
    expect([overload.reason, refused(overload)]).toEqual([undefined, false]);
    expect(overload.shed).toEqual({ lag: 1, requests: 0 });
  });

  test('as many requests as may be, until a fifth of them has ended', () => {
    using overload = new Overload({ lagMs: 0, inFlight: 5 });
    const running = Array.from({ length: 5 }, () => overload.enter());
    expect(refused(overload)).toBe(true);
    running[0]?.();
    running[0]?.();
    expect([overload.inFlight, overload.reason]).toEqual([4, 'requests']);
    running[1]?.();
    expect([overload.inFlight, overload.reason, refused(overload)]).toEqual([3, undefined, false]);
  });

  test('nothing, where there are no bounds', () => {
    using overload = new Overload({ lagMs: 0, inFlight: 0 });
    for (let request = 0; request < 10_000; request++) overload.enter();
    for (let looks = 0; looks < 100; looks++) overload.lagged(60_000);
    expect(refused(overload)).toBe(false);
  });

  test('a loop that is really held up is noticed', async () => {
    using overload = new Overload({ lagMs: 20, inFlight: 0 });
    await expect
      .poll(
        () => {
          const end = performance.now() + 80;
          while (performance.now() < end);
          return overload.reason;
        },
        { interval: 1 },
      )
      .toBe('lag');
  });
});

describe('a gateway with too much to do', () => {
  let stack: AsyncDisposableStack;
  let province: Province;
  let gateway: RunningGateway;
  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    province = stack.use(await startProvince());
    gateway = stack.use(await startTestGateway(province.document(), { overload: { lagMs: 0, inFlight: 2 } }));
  });
  afterEach(() => stack.disposeAsync());
  const QUERY = { query: '{ items { name } }' };

  test('turns new requests and sockets away, keeps what it has and its health, and takes more once some have ended', async () => {
    const watching = socketTo(gateway);
    stack.use(watching);
    const { results } = collect(watching, 'subscription { caseEvents { cursor case { number } } }');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    let open!: () => void;
    province.catalog.gate = new Promise((resolve) => {
      open = resolve;
    });
    const running = [post(gateway.url, QUERY), post(gateway.url, QUERY)];
    await expect.poll(() => province.catalog.seen.length).toBe(2);

    const refused = await post(gateway.url, QUERY);
    expect([refused.status, refused.headers.get('retry-after'), refused.errors?.[0]?.extensions]).toEqual([
      503,
      '1',
      { code: 'OVERLOADED', retryAfter: 1 },
    ]);
    const stream = await post(gateway.url, { query: 'subscription { caseEvents { cursor } }' }, { accept: 'text/event-stream' });
    expect([stream.status, stream.errors?.[0]?.extensions['code']]).toEqual([503, 'OVERLOADED']);
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    const answer = await new Promise<IncomingMessage>((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response)),
    );
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    const byOldSocket = collect(watching, '{ items { name } }');
    await expect.poll(() => JSON.stringify(byOldSocket.ended)).toContain('OVERLOADED');

    province.feed.publish(CASES[0] as (typeof CASES)[0]);
    await expect.poll(() => results.length).toBe(1);
    expect((await fetch(new URL('/health/ready', gateway.url))).status).toBe(200);
    const metrics = await (await fetch(new URL('/metrics', gateway.url))).text();
    expect(metrics).toContain('acceptance_overloaded{reason="requests"} 1');
    expect(metrics).toContain('acceptance_shed_total{reason="requests"} 4');

    open();
    expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
    await expect.poll(async () => (await post(gateway.url, QUERY)).status).toBe(200);
    expect(await (await fetch(new URL('/metrics', gateway.url))).text()).toContain('acceptance_overloaded{reason="requests"} 0');
  });
});
