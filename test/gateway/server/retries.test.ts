import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SubgraphFetch } from '../../../gateway/execution/subgraph-fetch.js';
import { Endpoints } from '../../../gateway/fetching/endpoints.js';
import { RetryBudget } from '../../../gateway/fetching/retry-budget.js';
import { SubgraphClient } from '../../../gateway/fetching/subgraph-client.js';
import { DEADLINE_HEADER } from '../../../subgraphs/kit/requests/deadline.js';
import { freePorts } from '../../support/free-ports.js';
import { startTestSubgraph, type TestSubgraph } from './test-subgraph.js';

const SDL = 'type Query { who: String } type Mutation { act: String }';
const ASK: SubgraphFetch = { target: { subgraph: 'drug' }, kind: 'query', query: '{ who }' };
const ACT: SubgraphFetch = { target: { subgraph: 'drug' }, kind: 'mutation', query: 'mutation { act }' };

let stack: AsyncDisposableStack;
let peer: TestSubgraph;
const retried = { made: 0, denied: 0 };
const counted = { timeoutMs: 1_000, breakerFailures: Number.POSITIVE_INFINITY, breakerProbeMs: 20 };
const start = (options = {}) =>
  stack.use(
    new SubgraphClient({
      logger: pino({ level: 'silent' }),
      ...counted,
      observer: { fetched: () => {}, retried: (_, outcome) => retried[outcome]++ },
      ...options,
    }),
  );
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  Object.assign(retried, { made: 0, denied: 0 });
  peer = stack.use(
    await startTestSubgraph({ name: 'drug', sdl: SDL, resolvers: { Query: { who: () => 'x' }, Mutation: { act: () => 'x' } } }),
  );
});
afterEach(() => stack.disposeAsync());

const ask = (
  client: SubgraphClient,
  fetch: SubgraphFetch,
  { url = peer.url, signal = new AbortController().signal, deadline }: { url?: string; signal?: AbortSignal; deadline?: number } = {},
) =>
  client.fetcher(new Endpoints([], [{ name: 'drug', url }]))(fetch, {
    caller: { subject: 'somebody', roles: [], requestId: '1' },
    signal,
    deadline,
  });

test('a budget lets a tenth of many calls be made twice, and a few of few', () => {
  const budget = new RetryBudget();
  const retries = (calls: number) =>
    Array.from({ length: calls }).filter(() => {
      budget.called();
      return budget.take();
    }).length;
  expect(retries(1)).toBe(1);
  expect(retries(1_000)).toBeGreaterThanOrEqual(109);
  expect(retries(1_000)).toBeLessThanOrEqual(101);
});

describe('a department that fails', () => {
  test.for(['html', 'reset'] as const)('(%s) is not asked twice as much: a tenth more, and ten', async (behaviour) => {
    const client = start();
    peer.behaviour = behaviour;
    for (let round = 0; round < 20; round++) await Promise.allSettled(Array.from({ length: 20 }, () => ask(client, ASK)));
    expect(peer.seen.length).toBeGreaterThan(400);
    expect(peer.seen.length).toBeLessThanOrEqual(450);
    expect(retried.made).toBe(peer.seen.length - 400);
    expect(retried.denied).toBe(800 - peer.seen.length);
  });

  test('that fails once is asked once more, and the client knows nothing of it', async () => {
    const client = start();
    Object.defineProperty(peer, 'behaviour', { get: () => (peer.seen.length === 1 ? 'html' : 'answer') });
    expect((await ask(client, ASK)).data).toEqual({ who: 'x' });
    expect(retried).toEqual({ made: 1, denied: 0 });
  });

  test('with a mutation is not asked again, unless nothing can have reached it', async () => {
    const client = start();
    peer.behaviour = 'html';
    await expect(ask(client, ACT)).rejects.toThrow('does not answer');
    expect([peer.seen.length, retried.made]).toEqual([1, 0]);
    const [port = 0] = await freePorts(1);
    await expect(ask(client, ACT, { url: `http://127.0.0.1:${port}/graphql` })).rejects.toThrow('does not answer');
    expect(retried.made).toBe(1);
  });

  test('in time is not asked again', async () => {
    const client = start({ timeoutMs: 400 });
    peer.behaviour = 'hang';
    await expect(ask(client, ASK)).rejects.toThrow('does not answer');
    expect([peer.seen.length, retried.made]).toEqual([1, 0]);
  });
});

describe("a request's time", () => {
  test('that is left is told to whoever is asked, and never more than one answer may take', async () => {
    const client = start();
    await ask(client, ASK);
    await ask(client, ASK, { deadline: performance.now() + 300 });
    const [alone, last] = peer.seen.map(({ headers }) => Number(headers[DEADLINE_HEADER]));
    expect(alone).toBeGreaterThan(900);
    expect(alone).toBeLessThanOrEqual(1_000);
    expect(last).toBeGreaterThan(0);
    expect(last).toBeLessThanOrEqual(300);
  });

  test('bounds each fetch, and nothing is asked when it is over', async () => {
    const client = start({ timeoutMs: 60_000 });
    peer.behaviour = 'hang';
    const began = performance.now();
    await expect(ask(client, ASK, { deadline: began + 50 })).rejects.toThrow('does not answer');
    expect(performance.now() - began).toBeLessThan(5_000);
    await expect(ask(client, ASK, { deadline: performance.now() - 1 })).rejects.toThrow('does not answer');
    expect(peer.seen).toHaveLength(1);
  });
});

describe('a client that leaves', () => {
  test('ends what is asked for it', async () => {
    const client = start();
    peer.behaviour = 'hang';
    const leaving = new AbortController();
    const answer = ask(client, ASK, { signal: leaving.signal });
    await expect.poll(() => peer.seen).toHaveLength(1);
    leaving.abort();
    await expect(answer).rejects.toThrow('does not answer');
    await expect.poll(() => peer.abandoned).toBe(1);
  });

  test('does not end a mutation that was sent, nor those that come after it; what was not begun is not begun', async () => {
    const client = start();
    let open!: () => void;
    peer.gate = new Promise((resolve) => {
      open = resolve;
    });
    const leaving = new AbortController();
    const { signal } = leaving;
    const first = ask(client, ACT, { signal });
    await expect.poll(() => peer.seen).toHaveLength(1);
    leaving.abort();
    open();
    expect((await first).data).toEqual({ act: 'x' });
    expect((await ask(client, ACT, { signal })).data).toEqual({ act: 'x' });
    expect(peer.abandoned).toBe(0);
    await expect(ask(client, ACT, { signal: AbortSignal.abort() })).rejects.toThrow('does not answer');
    expect(peer.seen).toHaveLength(2);
  });

  test('gives up its place in the queue of a department that is slow', async () => {
    const client = start({ concurrent: 1, waiting: 1 });
    let open!: () => void;
    peer.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = ask(client, ASK);
    await expect.poll(() => peer.seen).toHaveLength(1);
    const leaving = new AbortController();
    const gone = ask(client, ACT, { signal: leaving.signal });
    leaving.abort();
    await expect(gone).rejects.toThrow('does not answer');
    const next = ask(client, ASK);
    open();
    expect((await Promise.all([first, next])).map(({ data }) => data)).toEqual([{ who: 'x' }, { who: 'x' }]);
  });
});
