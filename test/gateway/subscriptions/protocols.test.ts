import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core';
import { createClient as createSseClient } from 'graphql-sse';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { GatewayOptions, RunningGateway } from '../../../gateway/server/start-gateway.js';
import { ANONYMOUS } from '../../../subgraphs/kit/identity/caller.js';
import { CASES, type Province, startProvince } from '../server/small-province.js';
import { type HandedSource, socketTo, startTestGateway } from '../server/test-gateway.js';
import { cursorsUpTo, metricsOf } from './collect.js';

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
const QUERY = 'subscription Watch($after: String) { caseEvents(after: $after) { cursor case { number item { name } } } }';

/** What one client library does with a subscription. */
interface Running {
  readonly results: any[];
  readonly outcome: () => 'complete' | 'error' | undefined;
  cancel(): void;
}
type Run = (query: string, variables?: Record<string, unknown>) => Running;

const PROTOCOLS: Record<string, () => Run> = {
  'graphql-transport-ws, driven by graphql-ws': () => {
    const client = stack.use(socketTo(gateway));
    return (query, variables = {}) => {
      const results: any[] = [];
      let outcome: 'complete' | 'error' | undefined;
      const cancel = client.subscribe(
        { query, variables },
        {
          next: (result) => void results.push(result),
          error: (errors) => {
            results.push({ errors });
            outcome = 'error';
          },
          complete: () => {
            outcome ??= 'complete';
          },
        },
      );
      return { results, outcome: () => outcome, cancel };
    };
  },
  'server-sent events, driven by graphql-sse': () => {
    const client = createSseClient({ url: gateway.url, retryAttempts: 0 });
    stack.defer(() => client.dispose());
    return (query, variables = {}) => {
      const results: any[] = [];
      let outcome: 'complete' | 'error' | undefined;
      const cancel = client.subscribe(
        { query, variables },
        {
          next: (result) => void results.push(result),
          error: (error) => {
            results.push({ errors: [error] });
            outcome = 'error';
          },
          complete: () => {
            outcome ??= 'complete';
          },
        },
      );
      return { results, outcome: () => outcome, cancel };
    };
  },
  'multipart, driven by Apollo Client': () => {
    const client = new ApolloClient({ link: new HttpLink({ uri: gateway.url }), cache: new InMemoryCache(), queryDeduplication: false });
    stack.defer(() => client.stop());
    return (query, variables = {}) => {
      const results: any[] = [];
      let outcome: 'complete' | 'error' | undefined;
      const subscription = client
        .subscribe<any>({
          query: gql(query),
          variables,
          errorPolicy: 'all',
          fetchPolicy: 'no-cache',
          context: { queryDeduplication: false },
        })
        .subscribe({
          next: ({ data, error }) => {
            const { errors } = (error ?? {}) as { errors?: readonly unknown[] };
            results.push({ ...(data !== undefined && { data }), ...(error !== undefined && { errors: errors ?? [error] }) });
          },
          error: () => {
            outcome = 'error';
          },
          complete: () => {
            outcome ??= 'complete';
          },
        });
      return { results, outcome: () => outcome, cancel: () => subscription.unsubscribe() };
    };
  },
};

describe.each(Object.entries(PROTOCOLS))('%s', (_name, connect) => {
  const errorsOf = ({ results }: Running) =>
    results
      .at(-1)
      .errors.flat()
      .map(({ extensions }: any) => extensions);
  const cursors = ({ results }: Running) => results.map(({ data }) => data?.caseEvents.cursor);

  test('subscribes, receives in order, cancels, and the upstream is released with the last watcher', async () => {
    await start();
    const run = connect();
    const first = run(QUERY);
    const second = run(QUERY);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 2');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    for (let i = 0; i < 5; i++) province.feed.publish(drugCase);
    await expect.poll(() => cursors(first)).toEqual(cursorsUpTo(5));
    await expect.poll(() => cursors(second)).toEqual(cursorsUpTo(5));
    expect(first.results[0].data.caseEvents.case).toMatchObject({ number: '1', item: { name: '药品经营许可' } });
    first.cancel();
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 1');
    expect(province.feed.subscribers).toBe(1);
    second.cancel();
    await expect.poll(() => province.feed.subscribers).toBe(0);
  });

  test('resumes after its last cursor', async () => {
    await start();
    const run = connect();
    const before = run(QUERY);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    for (let i = 0; i < 2; i++) province.feed.publish(drugCase);
    await expect.poll(() => cursors(before)).toEqual(['c1', 'c2']);
    before.cancel();
    await expect.poll(() => province.feed.subscribers).toBe(0);
    for (let i = 0; i < 3; i++) province.feed.publish(drugCase);
    const after = run(QUERY, { after: 'c2' });
    await expect.poll(() => cursors(after)).toEqual(['c3', 'c4', 'c5']);
    after.cancel();
    await expect.poll(() => province.feed.subscribers).toBe(0);
  });

  test('learns of an error before the first event, and of one in the middle', async () => {
    await start({ subscriptions: { resumeForMs: 50 } });
    const run = connect();
    const wrong = run('subscription { caseEvents { nothing } }');
    await expect.poll(() => wrong.outcome()).toBeDefined();
    expect(JSON.stringify(wrong.results)).toContain('GRAPHQL_VALIDATION_FAILED');
    const cut = run(QUERY);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => cut.results).toHaveLength(1);
    await province.ledger[Symbol.asyncDispose]();
    await expect.poll(() => cut.outcome(), { timeout: 5_000 }).toBeDefined();
    expect(JSON.stringify(cut.results[1])).toContain('SUBSCRIPTION_UPSTREAM_LOST');
    expect(JSON.stringify(cut.results[1])).toContain('"cursor":"c1"');
    const absent = run(QUERY);
    await expect.poll(() => absent.outcome()).toBeDefined();
    expect(JSON.stringify(absent.results)).toContain('SUBGRAPH_UNAVAILABLE');
  });

  test('learns that events after its cursor are no longer kept, at the start and after a loss, and goes on after the oldest', async () => {
    await start();
    const run = connect();
    for (let i = 0; i < 3; i++) province.feed.publish(drugCase);
    province.feed.prune(2);
    const late = run(QUERY, { after: 'c1' });
    await expect.poll(() => late.outcome()).toBeDefined();
    expect(errorsOf(late)).toEqual([{ code: 'CURSOR_EXPIRED', oldest: 'c2', service: 'ledger' }]);
    const resumed = run(QUERY, { after: 'c2' });
    await expect.poll(() => cursors(resumed)).toEqual(['c3']);
    // given up while the gateway is away from its source
    province.feed.prune(4);
    province.ledger.cutSockets();
    await expect.poll(() => resumed.outcome(), { timeout: 5_000 }).toBeDefined();
    expect(errorsOf(resumed)).toEqual([{ code: 'CURSOR_EXPIRED', oldest: 'c4', service: 'ledger' }]);
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 0');
  });

  test('learns of errors within an event, and goes on', async () => {
    await start();
    province.drug.behaviour = 'html';
    const running = connect()('subscription { caseEvents { cursor case { handling } } }');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    province.feed.publish({ ...drugCase, departmentCode: 'transport' });
    await expect.poll(() => running.results).toHaveLength(2);
    expect(JSON.stringify(running.results[0].errors)).toContain('DEPARTMENT_UNAVAILABLE');
    expect(running.results[0].data.caseEvents).toMatchObject({ cursor: 'c1', case: { handling: null } });
    expect(running.results[1].data.caseEvents.case.handling).toBe('transport handles 1');
    running.cancel();
  });

  test('completes when the source has no more', async () => {
    await start();
    const running = connect()(QUERY);
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    await expect.poll(() => running.results).toHaveLength(1);
    province.feed.finish();
    await expect.poll(() => running.outcome()).toBe('complete');
    expect(running.results).toHaveLength(1);
  });
});

describe('a response that stays open', () => {
  const ask = (accept: string, init: RequestInit = {}) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
      body: JSON.stringify({ query: QUERY }),
      ...(init.signal && { signal: init.signal }),
    });

  test.for([
    ['text/event-stream', ':\n\n'],
    [
      'multipart/mixed;boundary="graphql";subscriptionSpec=1.0, application/json',
      '\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql',
    ],
  ] as const)('%s is flushed before the first event, and has heartbeats', async ([accept, heartbeat]) => {
    await start({ subscriptions: { keepAliveMs: 30 } });
    const leave = new AbortController();
    const response = await ask(accept, { signal: leave.signal });
    expect(response.status).toBe(200);
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.split(heartbeat).length < 4) text += (await reader.read()).value ?? '';
    leave.abort();
    await expect.poll(() => metricsOf(gateway)).toContain('acceptance_live_subscriptions 0');
  });

  test("resumes after a browser's Last-Event-ID", async () => {
    await start();
    for (let i = 0; i < 3; i++) province.feed.publish(drugCase);
    const leave = new AbortController();
    const response = await fetch(`${gateway.url}?query=${encodeURIComponent(QUERY)}`, {
      headers: { accept: 'text/event-stream', 'last-event-id': 'c1' },
      signal: leave.signal,
    });
    const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('id: c3')) text += (await reader.read()).value ?? '';
    expect(text.match(/^id: .*$/gm)).toEqual(['id: c2', 'id: c3']);
    leave.abort();
  });

  test('answers queries and mutations over server-sent events', async () => {
    await start();
    const client = createSseClient({ url: gateway.url, retryAttempts: 0 });
    for await (const result of client.iterate({ query: '{ item(code: "i1") { name } }' }))
      expect(result).toEqual({ data: { item: { name: '药品经营许可' } } });
    client.dispose();
  });

  test('ends when the gateway stops, so that its client comes back', async () => {
    await start();
    const response = await ask('text/event-stream');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    const [body] = await Promise.all([response.text(), gateway[Symbol.asyncDispose]()]);
    expect(body).not.toContain('complete');
    expect(await fetch(gateway.url).catch((error: Error) => error.name)).toBe('TypeError');
  });

  test('ends when what authorised it expires, and with the next token goes on after its last cursor', async () => {
    let authorised: number | undefined;
    await start({
      identity: { establish: async () => ({ caller: { ...ANONYMOUS, requestId: 'r' }, ...(authorised && { expiresAt: authorised }) }) },
    });
    authorised = Date.now() + 2_000;
    const response = await ask('text/event-stream');
    await expect.poll(() => province.feed.subscribers).toBe(1);
    province.feed.publish(drugCase);
    const body = await response.text();
    expect(body.match(/^id: .*$/gm)).toEqual(['id: c1']);
    // told why, since a client that came back with the same token would be refused
    expect(body).toContain('"code":"UNAUTHENTICATED"');
    await expect.poll(() => province.feed.subscribers).toBe(0);
    province.feed.publish(drugCase);
    authorised = undefined;
    const leave = new AbortController();
    const resumed = await ask('text/event-stream', { headers: { 'last-event-id': 'c1' }, signal: leave.signal });
    const reader = (resumed.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('id: ')) text += (await reader.read()).value ?? '';
    expect(text).toContain('id: c2');
    leave.abort();
  });

  test('counts as a connection of its identity', async () => {
    await start({ subscriptions: { connectionsPerIdentity: 1 } });
    const leave = new AbortController();
    await ask('text/event-stream', { signal: leave.signal });
    const refused = await ask('text/event-stream');
    expect(refused.status).toBe(429);
    expect(((await refused.json()) as any).errors[0].extensions.code).toBe('TOO_MANY_CONNECTIONS');
    leave.abort();
  });
});

test('a stream client that leaves while it is being identified leaves nothing behind', async () => {
  const arrived = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  let first = true;
  await start({
    identity: {
      establish: async (_authorization, requestId) => {
        if (first) {
          first = false;
          arrived.resolve();
          await left.promise;
        }
        return { caller: { ...ANONYMOUS, requestId } };
      },
    },
    subscriptions: { connectionsPerIdentity: 1 },
  });
  const ask = (signal?: AbortSignal) =>
    fetch(gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: QUERY }),
      ...(signal && { signal }),
    });
  const gone = new AbortController();
  const asked = ask(gone.signal);
  await arrived.promise;
  gone.abort();
  await expect(asked).rejects.toThrow();
  // the gateway hears of it before it goes on
  await expect.poll(async () => (await fetch(new URL('/health/live', gateway.url))).ok).toBe(true);
  left.resolve();
  const next = new AbortController();
  const response = await ask(next.signal);
  expect(response.status).toBe(200);
  next.abort();
});
