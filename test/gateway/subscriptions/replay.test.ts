import { once } from 'node:events';
import { createClient as createSseClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewayOptions, RunningGateway } from '../../../gateway/server/start-gateway.js';
import { CASES, type Province, startProvince } from '../server/small-province.js';
import { type HandedSource, socketTo, startTestGateway } from '../server/test-gateway.js';
import { collect, cursorsUpTo, metricsOf } from './collect.js';

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

const [drugCase] = CASES as [(typeof CASES)[0]];
const JOINED = 'subscription($after: String) { caseEvents(after: $after) { cursor case { number item { name } } } }';
const PLAIN = 'subscription($after: String) { caseEvents(after: $after) { cursor case { number } } }';
const STORED = 2_500;
const store = (count: number) => {
  for (let i = 0; i < count; i++) province.feed.publish(drugCase);
};
/** A client of graphql-transport-ws whose socket the test holds. */
async function watching(query: string, after: string) {
  const socket = new WebSocket(gateway.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  stack.defer(() => socket.terminate());
  socket.once('open', () => socket.send('{"type":"connection_init"}'));
  await once(socket, 'message');
  const cursors: string[] = [];
  socket.on('message', (data: Buffer) => cursors.push(JSON.parse(data.toString()).payload.data.caseEvents.cursor));
  const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
  const subscribe = () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { after } } }));
  return { socket, cursors, closed, subscribe };
}

describe('thousands of stored events', () => {
  test.for([
    ['joined', JOINED],
    ['as they are', PLAIN],
  ] as const)('%s, are all given to clients who read, over both protocols at once', { timeout: 150_000 }, async ([, query]) => {
    await start();
    store(STORED);
    const socket = collect(stack.use(socketTo(gateway)), query, { after: 'c0' });
    const client = createSseClient({ url: gateway.url, retryAttempts: 0 });
    stack.defer(() => client.dispose());
    const streamed = collect(client as never, query, { after: 'c10' });
    await expect.poll(() => [socket.results.length, socket.ended], { timeout: 60_000 }).toEqual([STORED, undefined]);
    await expect.poll(() => [streamed.results.length, streamed.ended], { timeout: 60_000 }).toEqual([STORED - 10, undefined]);
    expect(socket.cursors()).toEqual(cursorsUpTo(STORED));
    expect(streamed.cursors()).toEqual(cursorsUpTo(STORED).slice(10));
    // both have come to the present, on one upstream and as one view
    store(1);
    await expect.poll(() => socket.cursors().at(-1)).toBe(`c${STORED + 1}`);
    await expect.poll(() => streamed.cursors().at(-1)).toBe(`c${STORED + 1}`);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_operations 1\n');
  });

  test('are given to a client that reads slowly, at its pace; what waits for it stays within the limit', { timeout: 90_000 }, async () => {
    await start({ subscriptions: { queueLimit: 20 } });
    province.names.set('i1', 'x'.repeat(50_000));
    store(500);
    const { socket, cursors, subscribe } = await watching(JOINED, 'c0');
    subscribe();
    const limits: number[] = [];
    while (cursors.length < 500) {
      socket.pause();
      const metrics = await metricsOf(gateway);
      limits.push(Number(/lag_events (\d+)/.exec(metrics)?.[1]), Number(/queue_depth (\d+)/.exec(metrics)?.[1]));
      socket.resume();
      await once(socket, 'message');
    }
    expect(cursors).toEqual(cursorsUpTo(500));
    expect(Math.max(...limits)).toBeLessThanOrEqual(20);
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });

  test('cost a client that never reads its bounded queue and then its connection; a neighbour gets them all', {
    timeout: 120_000,
  }, async () => {
    await start({ subscriptions: { queueLimit: 20, stallMs: 500 } });
    province.names.set('i1', 'x'.repeat(50_000));
    store(1_000);
    const { socket, closed, cursors, subscribe } = await watching(JOINED, 'c0');
    subscribe();
    await once(socket, 'message');
    socket.pause();
    const neighbour = collect(stack.use(socketTo(gateway)), PLAIN, { after: 'c0' });
    await expect.poll(() => neighbour.results.length, { timeout: 60_000 }).toBe(1_000);
    await expect.poll(() => metricsOf(gateway), { timeout: 10_000 }).toContain('closes_total{protocol="websocket",reason="slow"} 1');
    const metrics = await metricsOf(gateway);
    expect(metrics).toContain('acceptance_live_queue_depth 0');
    expect(metrics).toContain('acceptance_live_lag_events 0');
    // far fewer than there are were taken from the source and completed for it
    expect(province.catalog.seen.length).toBeLessThan(500);
    socket.resume();
    expect(((await closed) as [number])[0]).toBeOneOf([4013, 1006]);
    expect(cursors).toEqual(cursorsUpTo(cursors.length));
  });

  test('of a stream without cursors can not be waited for: its reader is told', async () => {
    await start({ subscriptions: { queueLimit: 10, stallMs: 60_000 } });
    const fields = Array.from({ length: 150 }, (_, i) => `a_name_for_the_place_of_it_${i}: position`).join(' ');
    const { socket, closed } = await watching(PLAIN, '');
    socket.removeAllListeners('message');
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: `subscription { ticks { ${fields} } }` } }));
    await expect.poll(() => province.feed.subscribers).toBe(1);
    socket.pause();
    for (let i = 0; i < 3_000; i++) province.feed.publish(drugCase);
    await expect.poll(() => province.feed.subscribers, { timeout: 10_000 }).toBe(0);
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
    socket.resume();
    await expect.poll(() => messages.at(-1), { timeout: 10_000 }).toContain('SUBSCRIPTION_TOO_SLOW');
    socket.close();
    await closed;
  });
});
