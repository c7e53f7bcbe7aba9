import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { GatewayOptions, RunningGateway } from '../../../gateway/server/start-gateway.js';
import { ANONYMOUS } from '../../../subgraphs/kit/identity/caller.js';
import { SilentRelay } from '../../support/silent-relay.js';
import { CASES, type Province, startProvince } from '../server/small-province.js';
import { type HandedSource, socketTo, startTestGateway } from '../server/test-gateway.js';
import { collect, cursorsUpTo, metricsOf } from './collect.js';

let stack: AsyncDisposableStack;
let province: Province;
let gateway: RunningGateway & { source: HandedSource };
const start = async (options: Partial<GatewayOptions> = {}) => {
  gateway = stack.use(await startTestGateway(province.document(), options));
  return gateway;
};
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  province = stack.use(await startProvince());
});
afterEach(() => stack.disposeAsync());

const [drugCase, transportCase] = CASES as [(typeof CASES)[0], (typeof CASES)[0]];
const EVENTS = 'subscription($after: String) { caseEvents(after: $after) { cursor case { number handling item { name } } } }';
const publish = (count: number) => {
  for (let i = 0; i < count; i++) province.feed.publish(i % 2 === 0 ? drugCase : transportCase);
};

describe('one view of many clients', () => {
  test('has one upstream, and each event is completed once for all', async () => {
    await start();
    const clients = Array.from({ length: 20 }, () => collect(stack.use(socketTo(gateway)), EVENTS));
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 20');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(5);
    for (const { cursors } of clients) await expect.poll(cursors).toEqual(cursorsUpTo(5));
    expect(province.catalog.seen).toHaveLength(5);
    const metrics = await metricsOf(gateway);
    expect(metrics).toContain('acceptance_live_events_received_total 5');
    expect(metrics).toContain('acceptance_live_events_delivered_total 100');
    expect(metrics).toContain('acceptance_live_upstreams 1');
    expect(metrics).toContain('acceptance_live_operations 1');
  });

  test('is joined by those who resume, from wherever they were; in the end one upstream serves all', async () => {
    await start();
    publish(6);
    const live = collect(stack.use(socketTo(gateway)), EVENTS, { after: 'c6' });
    await expect.poll(() => province.feed.subscribers).toBe(1);
    const late = ['c0', 'c2', 'c6', 'c2'].map((after) => collect(stack.use(socketTo(gateway)), EVENTS, { after }));
    await expect.poll(() => late.map(({ results }) => results.length)).toEqual([6, 4, 0, 4]);
    publish(3);
    await expect.poll(() => live.cursors()).toEqual(['c7', 'c8', 'c9']);
    await expect.poll(() => late.map(({ results }) => results.length)).toEqual([9, 7, 3, 7]);
    expect(late[0]?.cursors()).toEqual(cursorsUpTo(9));
    expect(late[1]?.cursors()).toEqual(cursorsUpTo(9).slice(2));
    await expect.poll(() => province.feed.subscribers).toBe(1);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_operations 1\n');
    publish(1);
    for (const { cursors } of late) await expect.poll(() => cursors().at(-1)).toBe('c10');
  });

  test('goes on at another gateway after the last cursor', async () => {
    const first = await start();
    const before = collect(stack.use(socketTo(first)), EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(2);
    await expect.poll(() => before.results).toHaveLength(2);
    await first[Symbol.asyncDispose]();
    publish(2);
    const after = collect(stack.use(socketTo(await start())), EVENTS, { after: before.cursors().at(-1) });
    await expect.poll(() => after.results).toHaveLength(2);
    expect([...before.cursors(), ...after.cursors()]).toEqual(cursorsUpTo(4));
  });

  test("is kept by graphql-ws' own reconnecting, when the last cursor goes into its variables", async () => {
    await start();
    const variables: { after?: string } = {};
    const { createClient } = await import('graphql-ws');
    const client = createClient({
      url: gateway.url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryWait: () => Promise.resolve(),
      shouldRetry: () => true,
    });
    stack.defer(() => void client.dispose());
    const cursors: string[] = [];
    client.subscribe<any>(
      { query: EVENTS, variables },
      {
        next({ data }) {
          variables.after = data.caseEvents.cursor;
          cursors.push(data.caseEvents.cursor);
        },
        error: () => {},
        complete: () => {},
      },
    );
    await expect.poll(() => province.feed.subscribers).toBe(1);
    for (let round = 1; round <= 3; round++) {
      publish(1);
      await expect.poll(() => cursors).toEqual(cursorsUpTo(round * 2 - 1));
      client.terminate();
      publish(1);
      await expect.poll(() => cursors).toEqual(cursorsUpTo(round * 2));
    }
  });

  test('is not held up by a department that is slow to complete the events of very many others', async () => {
    await start({ fetching: { timeoutMs: 60_000 } });
    const slow = Array.from({ length: 3 }, () => stack.use(socketTo(gateway))).flatMap((client, which) =>
      Array.from({ length: 100 }, (_, n) => collect(client, `subscription { caseEvents { cursor case { h${which}x${n}: handling } } }`)),
    );
    const free = collect(stack.use(socketTo(gateway)), 'subscription { caseEvents { cursor case { item { name } } } }');
    await expect.poll(() => metricsOf(gateway)).toContain(`acceptance_live_subscriptions ${slow.length + 1}`);
    await expect.poll(() => province.feed.subscribers).toBe(2);
    province.drug.behaviour = 'hang';
    province.feed.publish(drugCase);
    await expect.poll(free.cursors).toEqual(cursorsUpTo(1));
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_lag_events 300');
    // as many as may ask one department for events
    await expect.poll(() => province.drug.seen).toHaveLength(64);
  });

  test('is not held up by an event that another view waits for', async () => {
    await start();
    const stalled = collect(stack.use(socketTo(gateway)), 'subscription { caseEvents { cursor case { handling } } }');
    const free = collect(stack.use(socketTo(gateway)), 'subscription { caseEvents { cursor case { item { name } } } }');
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 2');
    await expect.poll(() => province.feed.subscribers).toBe(2);
    let open!: () => void;
    province.drug.gate = new Promise((resolve) => {
      open = resolve;
    });
    publish(4);
    await expect.poll(free.cursors).toEqual(cursorsUpTo(4));
    // the events of the other department are ready, but wait for their turn
    expect(stalled.results).toEqual([]);
    open();
    await expect.poll(stalled.cursors).toEqual(cursorsUpTo(4));
  });
});

describe('an upstream that is lost for long', () => {
  test('is told as a status where that is wanted, and the stream goes on when it is back', async () => {
    await start({ subscriptions: { resumeForMs: 100, onLoss: 'status' } });
    const events = collect(stack.use(socketTo(gateway)), EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(1);
    await expect.poll(() => events.results).toHaveLength(1);
    const { port } = province.ledger;
    await province.ledger[Symbol.asyncDispose]();
    await expect
      .poll(() => events.results[1], { timeout: 5_000 })
      .toEqual({ data: null, extensions: { live: { state: 'INTERRUPTED', cursor: 'c1' } } });
    publish(1);
    stack.use(await province.startLedger(port));
    await expect.poll(events.cursors, { timeout: 10_000 }).toEqual(['c1', 'c2']);
    expect(events.results[2]).toMatchObject({ extensions: { live: { state: 'RESTORED' } } });
    expect(events.ended).toBeUndefined();
  });

  test('hangs without closing: the heartbeat finds out, and nothing is missed', async () => {
    const relay = stack.use(await SilentRelay.open(() => province.ledger.port));
    const document = province.document();
    const through = { ...document, sdl: document.sdl.replace(String(province.ledger.port), String(relay.port)) };
    gateway = stack.use(await startTestGateway(through, { subscriptions: { keepAliveMs: 100 } }));
    const events = collect(stack.use(socketTo(gateway)), EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(1);
    await expect.poll(() => events.results).toHaveLength(1);
    relay.silence();
    publish(2);
    await expect.poll(() => metricsOf(gateway), { timeout: 5_000 }).not.toContain('upstream_losses_total 0');
    await expect.poll(events.cursors, { timeout: 10_000 }).toEqual(cursorsUpTo(3));
  });
});

describe('an upstream that sends garbage', () => {
  // each is what a broken or hostile subgraph may send in place of the third event
  test.for([
    ['no JSON', 'garbage'],
    ['a message of no type', '{"type":"nonsense"}'],
    ['an event without anything', '{"type":"next","id":"ID","payload":null}'],
    ['an event that is no object', '{"type":"next","id":"ID","payload":{"data":7}}'],
    ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00])],
    ['more than an event may have', `{"type":"next","id":"ID","payload":{"data":"${'x'.repeat(17 * 1_048_576)}"}}`],
  ] as const)('%s: is taken up again after the last cursor, and nothing is missed', { timeout: 20_000 }, async ([, garbage]) => {
    let spoil = false;
    // between the gateway and its subgraph, message by message
    const between = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'graphql-transport-ws' });
    stack.defer(() => {
      for (const client of between.clients) client.terminate();
      between.close();
    });
    await once(between, 'listening');
    between.on('connection', (near) => {
      const far = new WebSocket(province.ledger.subscriptionUrl, 'graphql-transport-ws');
      const opened = once(far, 'open');
      near.on('message', (data: Buffer) => void opened.then(() => far.send(data.toString())));
      far.on('message', (data: Buffer) => {
        const text = data.toString();
        if (spoil && text.includes('"next"')) {
          spoil = false;
          near.send(typeof garbage === 'string' ? garbage.replace('ID', JSON.parse(text).id) : garbage);
        } else near.send(text);
      });
      near.on('close', () => far.terminate());
      near.on('error', () => {});
      far.on('error', () => {});
    });
    const document = province.document();
    const port = String((between.address() as AddressInfo).port);
    const through = { ...document, sdl: document.sdl.replace(String(province.ledger.port), port) };
    gateway = stack.use(await startTestGateway(through));
    const events = collect(stack.use(socketTo(gateway)), EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(2);
    await expect.poll(events.cursors).toEqual(cursorsUpTo(2));
    spoil = true;
    publish(2);
    await expect.poll(events.cursors, { timeout: 10_000 }).toEqual(cursorsUpTo(4));
    expect(events.ended).toBeUndefined();
    expect(await metricsOf(gateway)).toContain('acceptance_live_upstream_losses_total 1');
  });
});

describe('a new generation', () => {
  const changed = (version: string, from: string | RegExp, to: string) => {
    const { sdl, departments } = province.document();
    const next = sdl.replace(from, to);
    expect(next).not.toBe(sdl);
    return { version, sdl: next, departments };
  };

  test('takes live subscriptions along in place, event by event, with no gap', async () => {
    await start();
    const events = collect(stack.use(socketTo(gateway)), EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    for (let round = 1; round <= 5; round++) {
      publish(1);
      expect(await gateway.source.offer({ ...province.document(`v${round}`) }, 'registry')).toBeUndefined();
      publish(1);
    }
    await expect.poll(events.cursors).toEqual(cursorsUpTo(10));
    expect(events.results.at(-1)).toMatchObject({ data: { caseEvents: { case: { item: { name: '药品经营许可' } } } } });
    expect(province.feed.subscribers).toBe(1);
  });

  test('that plans the upstream anew takes it up where the old one was', async () => {
    await start();
    const events = collect(stack.use(socketTo(gateway)), 'subscription { caseEvents { cursor case { item { name } } } }');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    for (let round = 1; round <= 6; round++) {
      publish(2);
      expect(await gateway.source.offer(province.document(`v${round}`, { ledgerNamesItems: round % 2 === 1 }), 'registry')).toBeUndefined();
      publish(1);
      await expect.poll(events.cursors).toEqual(cursorsUpTo(round * 3));
    }
    const asked = province.catalog.seen.length;
    expect(await gateway.source.offer(province.document('last', { ledgerNamesItems: true }), 'registry')).toBeUndefined();
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_upstreams 1');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(1);
    await expect.poll(events.cursors).toEqual(cursorsUpTo(19));
    expect(events.results.at(-1).data.caseEvents.case.item.name).toBe('药品经营许可');
    expect(province.catalog.seen.length - asked).toBeLessThanOrEqual(1);
  });

  test('ends only those that are valid no more, with SUBSCRIPTION_SCHEMA_RELOAD and the last cursor', async () => {
    await start();
    const kept = collect(stack.use(socketTo(gateway)), 'subscription { caseEvents { cursor case { number } } }');
    const ended = collect(stack.use(socketTo(gateway)), EVENTS);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 2');
    await expect.poll(() => province.feed.subscribers).toBe(2);
    publish(1);
    await expect.poll(() => [kept.results.length, ended.results.length]).toEqual([1, 1]);
    expect(await gateway.source.offer(changed('2', /^ *handling: .*$/m, ''), 'registry')).toBeUndefined();
    await expect.poll(() => ended.ended?.errors?.[0].extensions).toEqual({ code: 'SUBSCRIPTION_SCHEMA_RELOAD', cursor: 'c1' });
    publish(1);
    await expect.poll(kept.cursors).toEqual(['c1', 'c2']);
    expect(kept.ended).toBeUndefined();
    await expect.poll(() => province.feed.subscribers).toBe(1);
  });
});

describe('limits', () => {
  const closeOf = (socket: WebSocket) => new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
  const open = (init = true) => {
    const socket = new WebSocket(gateway.url.replace('http', 'ws'), 'graphql-transport-ws');
    if (init) socket.once('open', () => socket.send('{"type":"connection_init"}'));
    return socket;
  };

  test('on connections of one identity', async () => {
    await start({ subscriptions: { connectionsPerIdentity: 1 } });
    const first = open();
    await once(first, 'message');
    expect(await closeOf(open())).toEqual([1013, 'TOO_MANY_CONNECTIONS']);
    const gone = closeOf(first);
    first.close();
    await gone;
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_connections{protocol="websocket"} 0');
    const again = open();
    await once(again, 'message');
    again.terminate();
  });

  test('on subscriptions of one connection', async () => {
    await start({ subscriptions: { subscriptionsPerConnection: 1 } });
    const client = stack.use(socketTo(gateway));
    collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    const second = collect(client, EVENTS);
    await expect.poll(() => second.ended?.errors?.[0].extensions).toEqual({ code: 'TOO_MANY_SUBSCRIPTIONS', limit: 1 });
  });

  test('on how long a connection may wait to say who it is, do nothing, or last', async () => {
    await start({ subscriptions: { initTimeoutMs: 50 } });
    expect(await closeOf(open(false))).toEqual([4408, 'Connection initialisation timeout']);
    await start({ subscriptions: { idleMs: 20, keepAliveMs: 30 } });
    expect(await closeOf(open())).toEqual([1000, 'IDLE']);
    await start({ subscriptions: { lifetimeMs: 50 } });
    expect(await closeOf(open())).toEqual([1012, 'LIFETIME']);
  });

  test('on how long a token authorises: the socket ends with 4403, and with the next token goes on after its last cursor', async () => {
    let expiresAt: number | undefined = Date.now() + 2_000;
    await start({
      identity: { establish: async () => ({ caller: { ...ANONYMOUS, requestId: 'r' }, ...(expiresAt !== undefined && { expiresAt }) }) },
    });
    const client = stack.use(socketTo(gateway));
    const closed = new Promise((resolve) => client.on('closed', resolve));
    const first = collect(client, EVENTS);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    publish(2);
    expect(await closed).toMatchObject({ code: 4403, reason: 'TOKEN_EXPIRED' });
    expect(first.cursors()).toEqual(['c1', 'c2']);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_closes_total{protocol="websocket",reason="expired"} 1');
    publish(1);
    expiresAt = undefined;
    const resumed = collect(stack.use(socketTo(gateway)), EVENTS, { after: 'c2' });
    await expect.poll(resumed.cursors).toEqual(['c3']);
  });

  test.for([
    ['{"type":"subscribe","id":"1","payload":{"query":"{a}"}}', false, 4401],
    ['{"type":"connection_init"}', true, 4429],
    ['{"type":"nonsense"}', true, 4400],
    ['{"type":"subscribe","id":"","payload":{"query":"{a}"}}', true, 4400],
    ['{"type":"subscribe","id":"1","payload":{"query":7}}', true, 4400],
    ['[]', true, 4400],
  ] as const)('%s is answered by closing with %s', async ([message, init, code]) => {
    await start();
    const socket = open(init);
    if (init) await once(socket, 'message');
    else await once(socket, 'open');
    const closed = closeOf(socket);
    socket.send(message);
    expect(((await closed) as [number])[0]).toBe(code);
  });

  test('a subscription id that is taken closes with 4409; another subprotocol with 4406', async () => {
    await start();
    const socket = open();
    await once(socket, 'message');
    const closed = closeOf(socket);
    const message = JSON.stringify({ type: 'subscribe', id: 'a', payload: { query: EVENTS } });
    socket.send(message);
    socket.send(message);
    expect(((await closed) as [number])[0]).toBe(4409);
    expect(((await closeOf(new WebSocket(gateway.url.replace('http', 'ws')))) as [number])[0]).toBe(4406);
  });
});

describe('nothing is left behind', () => {
  test('by 10,000 subscriptions that came and went', async () => {
    await start();
    const client = socketTo(gateway);
    const cycle = async (count: number) => {
      for (let i = 0; i < count / 50; i++) {
        const round = Array.from({ length: 50 }, (_, j) =>
          collect(client, j % 2 === 0 ? EVENTS : 'subscription { caseEvents { cursor } }'),
        );
        publish(1);
        for (const { unsubscribe } of round) unsubscribe();
      }
      await expect
        .poll(() => metricsOf(gateway), { timeout: 20_000 })
        .toMatch(/acceptance_live_subscriptions 0\n[\s\S]*acceptance_live_operations 0\n[\s\S]*acceptance_live_upstreams 0\n/);
      await expect.poll(() => province.feed.subscribers).toBe(0);
    };
    const resources = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await cycle(2_000);
    globalThis.gc?.();
    const timers = resources();
    const heap = process.memoryUsage().heapUsed;
    await cycle(10_000);
    await client.dispose();
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_connections{protocol="websocket"} 0');
    await expect.poll(() => province.ledger.sockets).toBe(0);
    // the test's own polling has a timer or two
    expect(resources()).toBeLessThanOrEqual(timers + 3);
    if (globalThis.gc !== undefined) {
      globalThis.gc();
      expect(process.memoryUsage().heapUsed - heap).toBeLessThan(10_000_000);
    }
  }, 60_000);
});
