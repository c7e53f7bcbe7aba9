import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AUDIT_STORE } from '../../../../subgraphs/kit/audit/audit-store.js';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { PRODUCER_TABLES } from '../../../../subgraphs/kit/feed/feed-tables.js';
import { producerMigrations } from '../../../../subgraphs/kit/feed/migrations/sqlite.js';
import { DEADLINE_HEADER, deadlineOf } from '../../../../subgraphs/kit/requests/deadline.js';
import { currentScope, RequestScope, runInScope, runOutsideScope } from '../../../../subgraphs/kit/requests/request-scope.js';
import { callSubgraph } from '../../../../subgraphs/kit/server/call-subgraph.js';
import { type RunningSubgraph, serveSubgraph } from '../../../../subgraphs/kit/server/serve-subgraph.js';
import { openStore, type Store } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';

const SDL = 'type Query { first: Link } type Link { second: Int } type Mutation { act: Int also: Int }';
const CALLER = { subject: 'gateway', roles: ['platform'], requestId: 'r-1' };

let stack: AsyncDisposableStack;
let store: Store;
let subgraph: RunningSubgraph;
/** What is waited for inside a resolver, and what has happened in there. */
let arrived: PromiseWithResolvers<void>;
let gate: PromiseWithResolvers<void>;
let happened: string[];

const asked = async (what: string) => {
  happened.push(what);
  arrived.resolve();
  await gate.promise;
  await store.fork().execute('select 1');
  happened.push(`${what} has read`);
  return 1;
};

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  arrived = Promise.withResolvers();
  gate = Promise.withResolvers();
  happened = [];
  store = stack.use(await openStore(storeAddress('memory:', 'stopped'), AUDIT_STORE));
  const resolvers = {
    Query: { first: () => asked('first').then(() => ({})) },
    Link: { second: () => asked('second') },
    Mutation: { act: () => asked('act'), also: () => asked('also') },
  };
  subgraph = stack.use(
    await serveSubgraph({
      name: 'drug',
      schema: buildSubgraphSchema([{ typeDefs: parse(SDL), resolvers }]),
      context: () => ({}),
      verifier: { verify: async () => CALLER, publicKeys: [] as never },
      log: pino({ level: 'silent' }),
      overload: { lagMs: 0, inFlight: 1 },
    }),
  );
});
afterEach(() => {
  vi.restoreAllMocks();
  return stack.disposeAsync();
});

const ask = async (query: string, { headers = {}, signal }: { headers?: Record<string, string>; signal?: AbortSignal } = {}) => {
  const response = await fetch(subgraph.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
    ...(signal && { signal }),
  });
  return { status: response.status, ...((await response.json()) as { data?: unknown; errors?: { extensions: { code: string } }[] }) };
};
const codesOf = ({ errors = [] }: { errors?: { extensions: { code: string } }[] }) => errors.map(({ extensions }) => extensions.code);
const letPass = (ms: number) => {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + ms);
};
const passed = async (ms: number) => {
  const end = performance.now() + ms;
  while (performance.now() < end) await new Promise((resolve) => setImmediate(resolve));
};

describe('past its deadline', () => {
  test('a query asks its store no more, and no further resolver begins', async () => {
    const answer = ask('{ first { second } }', { headers: { [DEADLINE_HEADER]: '30000' } });
    await arrived.promise;
    letPass(30_001);
    gate.resolve();
    expect(codesOf(await answer)).toEqual(['DEADLINE_EXCEEDED']);
    expect(happened).toEqual(['first']);
  });

  test('a mutation is not begun; one that was goes on to its end', async () => {
    expect(codesOf(await ask('mutation { act }', { headers: { [DEADLINE_HEADER]: '0' } }))).toEqual(['DEADLINE_EXCEEDED']);
    expect(happened).toEqual([]);
    const answer = ask('mutation { act also }', { headers: { [DEADLINE_HEADER]: '5000' } });
    await arrived.promise;
    gate.resolve();
    expect(await answer).toMatchObject({ data: { act: 1, also: 1 } });
    happened = [];
    arrived = Promise.withResolvers();
    gate = Promise.withResolvers();
    const late = ask('mutation { act also }', { headers: { [DEADLINE_HEADER]: '30000' } });
    await arrived.promise;
    letPass(30_001);
    gate.resolve();
    expect(await late).toMatchObject({ data: { act: 1, also: 1 } });
    expect(happened).toEqual(['act', 'act has read', 'also', 'also has read']);
  });

  test('is what the header says it is, and nothing else', () => {
    expect([deadlineOf('250', 1_000), deadlineOf('0', 1_000)]).toEqual([1_250, 1_000]);
    for (const nonsense of [undefined, '', '-1', '1e3', '1.5', ' 5', ['5'], '9'.repeat(10)]) expect(deadlineOf(nonsense)).toBe(undefined);
  });

  test('another subgraph is not called, and one that is called is told what is left', async () => {
    gate.resolve();
    const call = { url: subgraph.url, authorization: 'Bearer x', query: '{ first { second } }', requestId: 'r' };
    const over = new RequestScope({ requestId: 'r', deadline: performance.now() - 1 });
    await expect(runInScope(over, () => callSubgraph(call))).rejects.toThrow('the time for this request is over');
    expect(happened).toEqual([]);
    const soon = new RequestScope({ requestId: 'r', deadline: performance.now() + 5_000 });
    expect(await runInScope(soon, () => callSubgraph(call))).toEqual({ first: { second: 1 } });
  });
});

describe('when whoever asked has left', () => {
  test('a query ends', async () => {
    const leaving = new AbortController();
    const answer = ask('{ first { second } }', { signal: leaving.signal });
    await arrived.promise;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    // the place it had is free once the connection is known to be closed
    gate.promise.catch(() => {});
    await expect.poll(async () => (await ask('{ none }')).status).toBe(400);
    const before = store.tally.statements;
    gate.resolve();
    await passed(20);
    expect(happened).toEqual(['first']);
    expect(store.tally.statements).toBe(before);
  });

  test('a mutation that has begun goes on to its end', async () => {
    const leaving = new AbortController();
    const answer = ask('mutation { act also }', { signal: leaving.signal });
    await arrived.promise;
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await expect.poll(async () => (await ask('{ none }')).status).toBe(400);
    gate.resolve();
    await expect.poll(() => happened).toEqual(['act', 'act has read', 'also', 'also has read']);
  });

  test('what others wait for, too, goes on', () => {
    const scope = new RequestScope({ requestId: 'r' });
    scope.leave();
    runInScope(scope, () => {
      expect(() => currentScope()?.check()).toThrow('whoever asked has left');
      runOutsideScope(() => expect(currentScope()).toBe(undefined));
    });
  });
});

test('what a feed is read for is shared, and does not end with the request that began it', async () => {
  const definition = { tables: PRODUCER_TABLES, migrations: { sqlite: producerMigrations, mysql: [] } };
  await using feedStore = await openStore(storeAddress('memory:', 'feed'), definition);
  const feed = await EventFeed.open(feedStore);
  const scope = new RequestScope({ requestId: 'r' });
  scope.leave();
  expect(await runInScope(scope, () => feed.read(0))).toEqual({ events: [], until: 0 });
});

test('a subgraph with too much to do says so, and still says that it is there', async () => {
  const running = ask('{ first { second } }');
  await arrived.promise;
  expect(await ask('{ first { second } }')).toMatchObject({ status: 503, errors: [{ extensions: { code: 'OVERLOADED' } }] });
  expect(await ask('{ __typename }')).toMatchObject({ status: 200, data: { __typename: 'Query' } });
  gate.resolve();
  expect(await running).toMatchObject({ data: { first: { second: 1 } } });
});
