import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post } from '../../server/test-gateway.js';
import { type OpenSocket, openSocket, raw, startVictim, type Victim } from './victim.js';

const MEGABYTE = 1_048_576;
const stack = new AsyncDisposableStack();
let victim: Victim;
beforeAll(async () => {
  victim = stack.use(
    await startVictim({
      GATEWAY_REQUEST_TIMEOUT_MS: '1000',
      GATEWAY_SUBSCRIPTION_INIT_TIMEOUT_MS: '500',
      GATEWAY_SUBSCRIPTIONS_PER_CONNECTION: '20',
      GATEWAY_CONNECTIONS_PER_IDENTITY: '30',
    }),
  );
});
afterAll(() => stack.disposeAsync());
afterEach(async () => {
  expect(await victim.isAlive()).toBe(true);
  expect(victim.log.filter((line) => line.includes('unexpected'))).toEqual([]);
});

const ready = async (): Promise<OpenSocket> => {
  const open = await openSocket(victim);
  open.send({ type: 'connection_init' });
  await expect.poll(() => open.messages.map(({ type }) => type)).toContain('connection_ack');
  return open;
};

describe('a slow client', () => {
  test('whose headers never end is cut off, and keeps nobody from being answered meanwhile', async () => {
    const slow = Array.from({ length: 200 }, () => raw(victim, 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: '));
    expect((await post(victim.url, { query: '{ node { id } }' })).status).toBe(200);
    for (const { answer } of slow) expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('that sends a byte of its headers now and then is cut off all the same', async () => {
    const { socket, answer } = raw(victim, 'POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ');
    const drip = setInterval(() => socket.write('x'), 100);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(drip);
  });

  test('whose body never ends is cut off', async () => {
    const head = 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query"';
    const slow = Array.from({ length: 200 }, () => raw(victim, head));
    const { socket, answer } = raw(victim, head);
    const drip = setInterval(() => socket.write(' '), 100);
    for (const { answer: cut } of slow) expect(await cut).toMatch(/^HTTP\/1\.1 408 /);
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(drip);
  });

  test('that connects and says nothing is cut off', async () => {
    const silent = Array.from({ length: 50 }, () => raw(victim));
    for (const { answer } of silent) expect(await answer).toMatch(/^HTTP\/1\.1 408 |^$/);
  });

  test('whose subgraph never answers is answered in time', async () => {
    victim.subgraph.behaviour = 'hang';
    const { status, errors } = await post(victim.url, { query: '{ node { id } }' });
    victim.subgraph.behaviour = 'answer';
    expect([status, errors?.[0]?.extensions['code']]).toEqual([200, 'SUBGRAPH_UNAVAILABLE']);
  });
});

describe('a client that offers another protocol with its request', () => {
  test('is answered in this one', async () => {
    const body = '{"query":"{ __typename }"}';
    const { answer } = raw(
      victim,
      `POST /graphql HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*"__typename":"Query"/);
  });
});

describe('a socket', () => {
  test('that does not begin is closed', async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openSocket(victim)));
    for (const { closed } of sockets) expect(await closed).toEqual([4408, 'Connection initialisation timeout']);
  });

  test('that subscribes before it begins is closed', async () => {
    const open = await openSocket(victim);
    open.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { ticks }' } });
    expect((await open.closed)[0]).toBe(4401);
  });

  test('that begins twice is closed', async () => {
    const open = await ready();
    open.send({ type: 'connection_init' });
    expect((await open.closed)[0]).toBe(4429);
  });

  test.for<[what: string, message: string]>([
    ['no JSON', '{"type"'],
    ['JSON that is no message', '[]'],
    ['an unknown type', '{"type":"start"}'],
    ['a prototype for a type', '{"type":"__proto__"}'],
    ['no operation', '{"type":"subscribe","id":"1","payload":{}}'],
    ['an endless id', JSON.stringify({ type: 'subscribe', id: 'x'.repeat(10_000), payload: { query: '{ node { id } }' } })],
  ])('that sends %s is closed', async ([, message]) => {
    const open = await ready();
    open.send(message);
    expect((await open.closed)[0]).toBe(4400);
  });

  const deep = (levels: number) => '{"0":'.repeat(levels) + '1' + '}'.repeat(levels);
  test.each([
    ['a ping', (payload: string) => `{"type":"ping","payload":${payload}}`],
    ['an init', (payload: string) => `{"type":"connection_init","payload":${payload}}`],
    ['variables', (payload: string) => `{"type":"subscribe","id":"1","payload":{"query":"{ node { id } }","variables":${payload}}}`],
  ])('that nests %s more deeply than anybody can follow is closed, before and after it begins', async (_what, message) => {
    for (const open of [await openSocket(victim), await ready()]) {
      open.send(message(deep(100_000)));
      expect((await open.closed)[0]).toBe(4400);
    }
  });

  test('that uses an id twice is closed, in whatever writing', async () => {
    const open = await ready();
    for (let n = 0; n < 2; n++) open.send({ type: 'subscribe', id: '漢'.repeat(60), payload: { query: 'subscription { ticks }' } });
    expect(await open.closed).toEqual([4409, 'Subscriber already exists']);
  });

  test('that pings with much and reads nothing is answered with little', async () => {
    const open = await openSocket(victim);
    open.send({ type: 'ping', payload: { small: 1 } });
    open.send({ type: 'ping', payload: { large: 'x'.repeat(500_000) } });
    await expect.poll(() => open.messages).toEqual([{ type: 'pong', payload: { small: 1 } }, { type: 'pong' }]);
    open.socket.close();
    await open.closed;
  });

  test('that sends bytes which are no text is closed', async () => {
    const open = await ready();
    open.socket.send(Buffer.from([0x7b, 0xff, 0xfe]), { binary: false });
    expect([1007, 4400]).toContain((await open.closed)[0]);
  });

  test('that sends a message of two megabytes is closed', async () => {
    const open = await ready();
    open.send({ type: 'subscribe', id: '1', payload: { query: `{ node { id } } #${'x'.repeat(2 * MEGABYTE)}` } });
    expect((await open.closed)[0]).toBe(1009);
  });

  test('that floods with pings of the protocol is closed', async () => {
    const open = await ready();
    for (let i = 0; i < 5_000; i++) open.send({ type: 'ping', payload: { i } });
    expect(await open.closed).toEqual([4430, 'RATE_LIMITED']);
  });

  test('that floods with pings of WebSocket is closed', async () => {
    const open = await ready();
    for (let i = 0; i < 5_000; i++) open.socket.ping();
    // cut off without a word when it does not even read the pongs
    expect([1006, 4430]).toContain((await open.closed)[0]);
  });

  test('that pings all the time, waiting for each pong, is closed too', async () => {
    const open = await ready();
    open.socket.on('pong', () => open.socket.ping());
    open.socket.ping();
    expect(await open.closed).toEqual([4430, 'RATE_LIMITED']);
  });

  test('that subscribes to more than it may is told so, and the others go on', async () => {
    const open = await ready();
    for (let i = 0; i < 40; i++) open.send({ type: 'subscribe', id: `s${i}`, payload: { query: 'subscription { ticks }' } });
    await expect.poll(() => open.messages.filter(({ type }) => type === 'error').length).toBe(20);
    for (const { type, payload } of open.messages) if (type === 'error') expect(payload[0].extensions.code).toBe('TOO_MANY_SUBSCRIPTIONS');
    open.socket.close();
    await open.closed;
  });

  test('that subscribes and leaves, over and over, is closed at its limit of messages', async () => {
    const open = await ready();
    for (let i = 0; i < 2_000; i++) {
      open.send({ type: 'subscribe', id: 's', payload: { query: 'subscription { ticks }' } });
      open.send({ type: 'complete', id: 's' });
    }
    expect(await open.closed).toEqual([4430, 'RATE_LIMITED']);
  });

  test('more than one client may have is turned away', async () => {
    const opened = await Promise.all(Array.from({ length: 30 }, () => ready()));
    const more = await openSocket(victim);
    more.send({ type: 'connection_init' });
    expect(await more.closed).toEqual([1013, 'TOO_MANY_CONNECTIONS']);
    for (const { socket, closed } of opened) {
      socket.close();
      await closed;
    }
  });

  test('sends an operation made to exhaust, and is told so as over HTTP', async () => {
    const open = await ready();
    const query = `{ ${Array.from({ length: 500 }, (_, i) => `a${i}: node { id }`).join(' ')} }`;
    open.send({ type: 'subscribe', id: '1', payload: { query } });
    open.send({
      type: 'subscribe',
      id: '2',
      payload: { query: 'query ($v: Json) { echo(value: $v) }', variables: { v: Array(5_000).fill(1) } },
    });
    await expect.poll(() => open.messages.filter(({ type }) => type === 'error').length).toBe(2);
    for (const { type, payload } of open.messages) if (type === 'error') expect(payload[0].extensions.code).toBe('OPERATION_TOO_LARGE');
    open.socket.close();
    await open.closed;
  });
});

describe('floods', () => {
  test('of connections and messages leave memory where it was', async () => {
    const round = async () => {
      const sockets = await Promise.all(Array.from({ length: 60 }, () => openSocket(victim)));
      for (const { socket, send } of sockets) {
        send({ type: 'connection_init' });
        for (let i = 0; i < 200; i++) send({ type: 'ping' });
        for (let i = 0; i < 30; i++) send({ type: 'subscribe', id: `${i}`, payload: { query: 'subscription { ticks }' } });
        socket.close();
      }
      await Promise.all(sockets.map(({ closed }) => closed));
      const half = Array.from({ length: 100 }, () => raw(victim, 'POST /graphql HTTP/1.1\r\nhost: x\r\n'));
      await Promise.all(half.map(({ socket }) => once(socket, 'connect')));
      for (const { socket } of half) socket.destroy();
    };
    for (let i = 0; i < 3; i++) await round();
    const before = await victim.memory();
    for (let i = 0; i < 10; i++) await round();
    expect((await victim.memory()) - before).toBeLessThan(100 * MEGABYTE);
    const metrics = await (await fetch(`${victim.origin}/metrics`)).text();
    expect(metrics).toMatch(/^acceptance_live_subscriptions 0$/m);
  }, 120_000);
});
