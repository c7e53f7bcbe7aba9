import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SubgraphFetch } from '../../../gateway/execution/subgraph-fetch.js';
import { Endpoints } from '../../../gateway/fetching/endpoints.js';
import { SubgraphClient } from '../../../gateway/fetching/subgraph-client.js';
import { freePorts } from '../../support/free-ports.js';
import { startTestSubgraph, type TestSubgraph } from './test-subgraph.js';

const SDL = 'type Query { who: String } type Mutation { act: String }';
const ASK: SubgraphFetch = { target: { subgraph: 'drug' }, kind: 'query', query: '{ who }' };
const ACT: SubgraphFetch = { target: { subgraph: 'drug' }, kind: 'mutation', query: 'mutation { act }' };

let stack: AsyncDisposableStack;
let client: SubgraphClient;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  client = stack.use(new SubgraphClient({ logger: pino({ level: 'silent' }), timeoutMs: 1_000, breakerFailures: 2, breakerProbeMs: 20 }));
});
afterEach(() => stack.disposeAsync());

async function instance(name: string): Promise<TestSubgraph> {
  const resolvers = { Query: { who: () => name }, Mutation: { act: () => name } };
  return stack.use(await startTestSubgraph({ name: 'drug', sdl: SDL, resolvers }));
}

const byName = (one: unknown, other: unknown) => String(one).localeCompare(String(other));
const asked = async (urls: readonly string[], fetch: SubgraphFetch) => {
  const ask = client.fetcher(new Endpoints([], [{ name: 'drug', url: urls.join(',') }]));
  const { data } = await ask(fetch, { caller: { subject: 'somebody', roles: [], requestId: '1' }, signal: new AbortController().signal });
  return Object.values(data ?? {})[0];
};

test('instances share the work', async () => {
  const urls = [(await instance('a')).url, (await instance('b')).url];
  const answers = [];
  for (let n = 0; n < 4; n++) answers.push(await asked(urls, ASK));
  expect(answers.toSorted(byName)).toEqual(['a', 'a', 'b', 'b']);
});

test('where nobody takes the connection the other one is asked, also for a mutation', async () => {
  const [port = 0] = await freePorts(1);
  const urls = [`http://127.0.0.1:${port}/graphql`, (await instance('b')).url];
  for (let n = 0; n < 6; n++) expect(await asked(urls, n % 2 === 0 ? ASK : ACT)).toBe('b');
});

test('what may have been done is not done again: a mutation that one instance left unanswered goes to no other', async () => {
  const [hanging, well] = [await instance('a'), await instance('b')];
  hanging.behaviour = 'hang';
  const urls = [hanging.url, well.url];
  const outcomes = await Promise.allSettled([asked(urls, ACT), asked(urls, ACT)]);
  expect(outcomes.map(({ status }) => status).toSorted(byName)).toEqual(['fulfilled', 'rejected']);
  expect(well.seen).toHaveLength(1);
});

test('a query that one instance left unanswered goes to the other; one that failed gets none until it answers again', async () => {
  const [hanging, well] = [await instance('a'), await instance('b')];
  hanging.behaviour = 'hang';
  const urls = [hanging.url, well.url];
  expect(await Promise.all(Array.from({ length: 6 }, () => asked(urls, ASK)))).toEqual(Array(6).fill('b'));
  const before = hanging.seen.filter(({ query }) => query === ASK.query).length;
  for (let n = 0; n < 6; n++) expect(await asked(urls, ASK)).toBe('b');
  expect(hanging.seen.filter(({ query }) => query === ASK.query)).toHaveLength(before);

  hanging.behaviour = 'answer';
  // nobody has to ask for it: it is looked at until it answers
  await expect.poll(() => asked(urls, ASK)).toBe('a');
});

test('an instance that is back is asked, however long its breaker would still have waited', async () => {
  const patient = stack.use(
    new SubgraphClient({ logger: pino({ level: 'silent' }), timeoutMs: 1_000, breakerFailures: 1, breakerProbeMs: 600_000 }),
  );
  const first = await instance('a');
  const [second, endpoints] = [await instance('b'), (urls: string) => new Endpoints([], [{ name: 'drug', url: urls }])];
  const ask = patient.fetcher(endpoints(`${first.url},${second.url}`));
  const who = async () =>
    (await ask(ASK, { caller: { subject: 'somebody', roles: [], requestId: '1' }, signal: new AbortController().signal })).data?.['who'];
  first.behaviour = 'hang';
  expect([await who(), await who()]).toEqual(['b', 'b']);
  first.behaviour = 'answer';
  await expect.poll(who).toBe('a');
});

test('an instance that closes its connections is about to stop, and is spared', async () => {
  const leaving = createServer((_request, response) => {
    response.setHeader('connection', 'close').setHeader('content-type', 'application/json').end('{"data":{"act":"leaving"}}');
  }).listen(0, '127.0.0.1');
  await once(leaving, 'listening');
  stack.defer(() => void leaving.close());
  const urls = [`http://127.0.0.1:${(leaving.address() as AddressInfo).port}/graphql`, (await instance('b')).url];
  const answers = [];
  for (let n = 0; n < 6; n++) answers.push(await asked(urls, ACT));
  expect(answers.filter((answer) => answer === 'leaving').length).toBeLessThanOrEqual(1);
});
