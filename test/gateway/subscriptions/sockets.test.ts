import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { GatewayOptions, RunningGateway } from '../../../gateway/server/start-gateway.js';
import { CASES, type Province, startProvince } from '../server/small-province.js';
import { type HandedSource, post, socketTo, startTestGateway } from '../server/test-gateway.js';
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

const [drugCase, transportCase] = CASES as [(typeof CASES)[0], (typeof CASES)[0]];
const EVENTS = 'subscription($after: String) { caseEvents(after: $after) { cursor case { number handling item { name } } } }';

describe('queries and mutations over a socket', () => {
  test('take the path of those over HTTP', async () => {
    await start();
    await using client = socketTo(gateway);
    const answers: unknown[] = [];
    const mutation = 'mutation R($name: String!) { rename(code: "i1", name: $name) { name } }';
    for await (const answer of client.iterate({ query: mutation, variables: { name: '新名' } })) answers.push(answer);
    for await (const answer of client.iterate({ query: '{ item(code: "i1") { name } broken }' })) answers.push(answer);
    expect(answers[0]).toEqual({ data: { rename: { name: '新名' } } });
    expect(answers[1]).toMatchObject({ data: { item: { name: '新名' }, broken: null }, errors: [{ path: ['broken'] }] });
  });

  test.for([
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ items {', 'GRAPHQL_PARSE_FAILED'],
    ['{a'.repeat(10_000), 'OPERATION_TOO_LARGE'],
    [`{ ${'items { code } '.repeat(5_000)} }`, 'OPERATION_TOO_LARGE'],
    ['query A { items { code } } query B { items { code } }', 'OPERATION_RESOLUTION_FAILURE'],
    ['query($c: ID!) { item(code: $c) { name } }', 'BAD_USER_INPUT'],
    ['subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription($p: Boolean!) { caseEvents @include(if: $p) { cursor } }', 'BAD_USER_INPUT'],
    ['subscription($p: Boolean!) { caseEvents { cursor @include(if: $p) } }', 'BAD_USER_INPUT'],
    ['subscription($p: Boolean = true) { caseEvents @include(if: $p) { cursor } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription($p: Int!) { caseEvents { cursor @include(if: true) } }', 'GRAPHQL_VALIDATION_FAILED'],
  ] as const)('%s is refused with %s', async ([query, code]) => {
    await start();
    await using client = socketTo(gateway);
    const operation = collect(client, query);
    await expect.poll(() => operation.ended).toBeDefined();
    const errors = operation.ended?.errors ?? operation.results[0].errors;
    expect(errors[0].extensions.code).toBe(code);
    expect(operation.results[0]?.data).toBeUndefined();
  });

  test('a message that is no JSON closes the socket with 4400, and nothing else', async () => {
    await start();
    const socket = new WebSocket(gateway.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send('hello'));
    expect(await closed).toBe(4400);
    expect((await post(gateway.url, { query: '{ items { code } }' })).status).toBe(200);
  });

  test('a message that is too large closes the socket with 1009, and nothing else', async () => {
    await start({ bodyLimit: 2_048 });
    const socket = new WebSocket(gateway.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const closed = new Promise<number>((resolve) => socket.once('close', resolve));
    socket.once('open', () => socket.send('x'.repeat(4_096)));
    expect(await closed).toBe(1009);
    expect((await post(gateway.url, { query: '{ items { code } }' })).status).toBe(200);
  });
});

describe('sockets that have not said whose they are', () => {
  test('are counted by where they come from, until they have, or are gone', async () => {
    // ten times as many of them
    await start({ subscriptions: { connectionsPerIdentity: 1 } });
    const come = (): Promise<WebSocket | number> => {
      const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
      socket.on('error', () => {});
      stack.defer(() => socket.terminate());
      return new Promise((resolve) => {
        socket.once('open', () => resolve(socket));
        socket.once('unexpected-response', (_request, { statusCode = 0 }) => resolve(statusCode));
      });
    };
    const [first, second] = (await Promise.all(Array.from({ length: 10 }, come))) as [WebSocket, WebSocket];
    expect(await come()).toBe(429);
    second.send(JSON.stringify({ type: 'connection_init' }));
    await new Promise((resolve) => second.once('message', resolve));
    expect(await come()).toBeInstanceOf(WebSocket);
    expect(await come()).toBe(429);
    first.close();
    await expect.poll(come).toBeInstanceOf(WebSocket);
  });
});

describe('a subscription', () => {
  test('is completed by the other subgraphs, event by event, in order', async () => {
    await start();
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => events.results).toHaveLength(1);
    province.names.set('i2', '后来的名称');
    for (let i = 0; i < 20; i++) province.feed.publish(i % 2 === 0 ? transportCase : drugCase);
    await expect.poll(() => events.results).toHaveLength(21);
    expect(events.results[0]).toEqual({
      data: { caseEvents: { cursor: 'c1', case: { number: '1', handling: 'drug handles 1', item: { name: '药品经营许可' } } } },
    });
    expect(events.results[1].data.caseEvents.case).toEqual({
      number: '2',
      handling: 'transport handles 2',
      item: { name: '后来的名称' },
    });
    expect(events.cursors()).toEqual(Array.from({ length: 21 }, (_, i) => `c${i + 1}`));
    events.unsubscribe();
  });

  test('releases its upstream at once when the client unsubscribes, and when the client vanishes', async () => {
    await start();
    await using client = socketTo(gateway);
    const first = collect(client, EVENTS);
    const second = collect(client, EVENTS);
    const other = collect(client, 'subscription { caseEvents { case { number } } }');
    await expect.poll(() => province.feed.subscribers).toBe(2);
    expect(province.ledger.sockets).toBe(1);
    other.unsubscribe();
    await expect.poll(() => province.feed.subscribers).toBe(1);
    first.unsubscribe();
    province.feed.publish(drugCase);
    await expect.poll(() => second.results).toHaveLength(1);
    expect(first.results).toHaveLength(0);
    expect(province.feed.subscribers).toBe(1);
    expect(second.ended).toBeUndefined();
    client.terminate();
    await expect.poll(() => province.feed.subscribers).toBe(0);
    await expect.poll(() => province.ledger.sockets).toBe(0);
  });

  test('that loses its upstream goes on after the last cursor: no gap, no repeat', async () => {
    await start();
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => events.results).toHaveLength(1);
    for (let round = 0; round < 3; round++) {
      province.ledger.cutSockets();
      province.feed.publish(drugCase);
      province.feed.publish(transportCase);
      await expect.poll(() => events.results).toHaveLength(3 + round * 2);
    }
    expect(events.cursors()).toEqual(['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7']);
    expect(events.ended).toBeUndefined();
    events.unsubscribe();
    await expect.poll(() => province.feed.subscribers).toBe(0);
  });

  test('that began at a cursor resumes from it, though no event has come', async () => {
    await start();
    province.feed.publish(drugCase);
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS, { after: 'c1' });
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.ledger.cutSockets();
    province.feed.publish(transportCase);
    await expect.poll(() => events.cursors()).toEqual(['c2']);
    events.unsubscribe();
  });

  test('resumes at the address the subgraph has moved to', async () => {
    await start();
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => events.results).toHaveLength(1);
    await province.ledger[Symbol.asyncDispose]();
    await using moved = await province.startLedger(0);
    const document = province.document('2');
    expect(await gateway.source.offer({ ...document, sdl: document.sdl.replace(province.ledger.url, moved.url) }, 'registry')).toBe(
      undefined,
    );
    province.feed.publish(transportCase);
    await expect.poll(() => events.cursors()).toEqual(['c1', 'c2']);
    events.unsubscribe();
    await expect.poll(() => moved.sockets).toBe(0);
  });

  test('that can not resume ends with an error that says how to go on', async () => {
    await start();
    await using client = socketTo(gateway);
    const withoutCursor = collect(client, 'subscription { ticks { position } }');
    const withoutEvent = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(2);
    province.ledger.cutSockets();
    for (const events of [withoutCursor, withoutEvent]) {
      await expect.poll(() => events.ended).toBeDefined();
      expect(events.ended?.errors).toHaveLength(1);
      expect(events.ended?.errors[0].extensions.code).toBe('SUBSCRIPTION_UPSTREAM_LOST');
    }
  });

  test('whose upstream stays away ends with the last cursor', async () => {
    await start({ subscriptions: { resumeForMs: 200 } });
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => events.results).toHaveLength(1);
    await province.ledger[Symbol.asyncDispose]();
    await expect.poll(() => events.ended, { timeout: 5_000 }).toBeDefined();
    expect(events.ended?.errors[0].extensions).toEqual({ code: 'SUBSCRIPTION_UPSTREAM_LOST', cursor: 'c1' });
  });

  test('is told that its subgraph is not there, before any event', async () => {
    await start();
    await province.ledger[Symbol.asyncDispose]();
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => events.ended).toBeDefined();
    expect(events.ended?.errors).toEqual([
      { message: 'the subgraph "ledger" does not answer', extensions: { code: 'SUBGRAPH_UNAVAILABLE', service: 'ledger' } },
    ]);
  });

  test('is told what the subgraph itself refuses', async () => {
    await start();
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS, { after: 7 });
    await expect.poll(() => events.ended).toBeDefined();
    expect(events.ended?.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  test('whose completions stand still takes no more than may wait, and gets the rest from the store afterwards', async () => {
    await start({ subscriptions: { queueLimit: 10 } });
    let open!: () => void;
    province.drug.gate = new Promise((resolve) => {
      open = resolve;
    });
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    for (let i = 0; i < 50; i++) province.feed.publish(drugCase);
    // it has left its upstream, with ten events in its hands
    await expect.poll(() => province.feed.subscribers).toBe(0);
    expect(await metricsOf(gateway)).toContain('acceptance_live_lag_events 10\n');
    open();
    await expect.poll(events.cursors, { timeout: 5_000 }).toEqual(cursorsUpTo(50));
    expect(events.ended).toBeUndefined();
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(events.cursors).toEqual(cursorsUpTo(51));
  });

  test('of a client whose connection stands still ends with a code that says resume; its neighbour does not wait', async () => {
    await start({ subscriptions: { queueLimit: 10 } });
    province.names.set('i1', 'x'.repeat(400_000));
    const socket = new WebSocket(gateway.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    await new Promise((resolve) => socket.once('message', resolve));
    socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: EVENTS } }));
    await expect.poll(() => province.feed.subscribers).toBe(1);
    const received: string[] = [];
    socket.on('message', (data: Buffer) => received.push(JSON.parse(data.toString()).payload.data.caseEvents.cursor));
    const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
    socket.pause();
    await using neighbour = socketTo(gateway);
    const events = collect(neighbour, EVENTS);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 2');
    province.feed.publish(drugCase);
    await expect.poll(() => events.results).toHaveLength(1);
    // one at a time, until the buffers in between and the queue are full
    const slow = async () => (await metricsOf(gateway)).includes('closes_total{protocol="websocket",reason="slow"} 1');
    let published = 1;
    while (published < 200 && (await metricsOf(gateway)).includes('acceptance_live_subscriptions 2')) {
      province.feed.publish(drugCase);
      published++;
      await expect.poll(() => events.results).toHaveLength(published);
    }
    expect(published).toBeLessThan(200);
    expect(events.ended).toBeUndefined();
    socket.resume();
    expect(await closed).toEqual([4013, 'SUBSCRIPTION_TOO_SLOW']);
    await expect.poll(slow).toBe(true);
    // what it got is without a gap, so its last cursor is where it goes on
    expect(received).toEqual(Array.from({ length: received.length }, (_, i) => `c${i + 1}`));
    const resumed = collect(neighbour, EVENTS, { after: received.at(-1) });
    await expect.poll(() => resumed.results).toHaveLength(published - received.length);
    expect([...received, ...resumed.cursors()]).toEqual(events.cursors());
  });

  test('loses only the fields of a department that is down', async () => {
    await start();
    province.drug.behaviour = 'html';
    await using client = socketTo(gateway);
    const events = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => events.results).toHaveLength(1);
    expect(events.results[0].data.caseEvents.case).toEqual({ number: '1', handling: null, item: { name: '药品经营许可' } });
    expect(events.results[0].errors[0].extensions).toMatchObject({ code: 'DEPARTMENT_UNAVAILABLE', department: 'drug' });
    events.unsubscribe();
  });
});

describe('a gateway that stops', () => {
  test('tells its sockets with 1012, lets requests finish, and is gone in a second', async () => {
    await start();
    await using client = socketTo(gateway);
    const closed = new Promise<number>((resolve) => client.on('closed', (event: any) => resolve(event.code)));
    collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    let open!: () => void;
    province.catalog.gate = new Promise((resolve) => {
      open = resolve;
    });
    const underWay = post(gateway.url, { query: '{ items { code } }' });
    await expect.poll(() => province.catalog.seen).toHaveLength(1);
    const started = performance.now();
    const stopped = gateway[Symbol.asyncDispose]();
    expect(await closed).toBe(1012);
    open();
    expect(await underWay).toMatchObject({ status: 200, data: { items: [{ code: 'i1' }, { code: 'i2' }] } });
    await stopped;
    expect(performance.now() - started).toBeLessThan(1_000);
    await expect.poll(() => province.feed.subscribers).toBe(0);
    await expect(fetch(gateway.url)).rejects.toThrow();
  });
});
