import { createClient } from 'graphql-ws';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startGateway } from '../../../gateway/server/start-gateway.js';
import { followRegistry } from '../../../gateway/supergraph/follow-registry.js';
import { startRegistry } from '../../../subgraphs/platform/registry/index.js';
import { departmentSdl } from '../../schema/department-fixture.js';
import { SaidEndpoints } from '../../subgraphs/platform/registry/publishing-fixture.js';
import { departmentInput, platformInput, RegistryClient } from '../../subgraphs/platform/registry/registry-fixture.js';
import { testEnvironment } from '../../support/environment.js';
import { CASES, TestFeed } from '../server/small-province.js';
import { post, silent } from '../server/test-gateway.js';
import { startTestSubgraph } from '../server/test-subgraph.js';

const CLIENTS = 200;
const LOAD = 4;

const LEDGER = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  scalar Cursor
  type Query { ledger: [Case!]! }
  type Subscription { ledgerEvents(after: Cursor): LedgerEvent! }
  type LedgerEvent { cursor: Cursor!  case: Case }
  type Case @key(fields: "number departmentCode") { number: ID!  departmentCode: ID! }
`;
const QUERY = { query: '{ ledger { number departmentCode steps { name } } }' };
const WHOLE = CASES.filter(({ departmentCode }) => departmentCode === 'drug').map(({ number, departmentCode }) => ({
  number,
  departmentCode,
  steps: [{ name: `step of ${number}` }],
}));

/** One watcher, on a socket of its own. */
function watch(url: string) {
  const seen: number[] = [];
  const ended: unknown[] = [];
  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    on: { closed: (event) => ended.push(event) },
  });
  client.subscribe<any>(
    { query: 'subscription { ledgerEvents { cursor case { number } } }' },
    {
      next: ({ data, errors }) => void (errors ? ended.push(errors) : seen.push(Number(data?.ledgerEvents.cursor.slice(1)))),
      error: (error) => ended.push(error),
      complete: () => ended.push('completed'),
    },
  );
  return { seen, ended, client };
}

test('200 subscriptions and a query load through a publication, another with an added field, and a rollback: nothing fails, nothing is lost or repeated', {
  timeout: 120_000,
}, async () => {
  await using stack = new AsyncDisposableStack();
  const feed = new TestFeed();
  const event = { subscribe: (_: unknown, { after }: { after?: string }) => feed.subscribe(after), resolve: (row: any) => row.caseEvents };
  const ledgerResolvers = {
    Query: { ledger: () => CASES.filter(({ departmentCode }) => departmentCode === 'drug') },
    Subscription: { ledgerEvents: event },
  };
  const ledger = stack.use(await startTestSubgraph({ name: 'ledger', sdl: LEDGER, resolvers: ledgerResolvers }));
  const drug = stack.use(
    await startTestSubgraph({
      name: 'drug',
      sdl: departmentSdl('drug'),
      resolvers: {
        Case: {
          __resolveReference: (reference: object) => reference,
          steps: ({ number }: { number: string }) => [{ name: `step of ${number}` }],
        },
      },
    }),
  );
  const endpoints = new SaidEndpoints();
  for (const url of [drug.url, 'http://health.test/graphql']) endpoints.answers.set(url, '');
  const environment = await testEnvironment('memory:');
  const registry = stack.use(await startRegistry(environment, { expectedPlatform: ['ledger'], endpoints }));
  const admin = new RegistryClient(environment, registry);
  await admin.platform({ ...platformInput('ledger', LEDGER), url: ledger.url, subscriptionUrl: ledger.subscriptionUrl });
  await admin.department({ ...departmentInput('drug', departmentSdl('drug')), url: drug.url, subscriptionUrl: drug.subscriptionUrl });
  const source = followRegistry({ url: registry.url, logger: silent, internalTokens: environment.tokens, intervalMs: 20 });
  const gateway = stack.use(await startGateway({ supergraph: source, logger: silent }));
  const version = async () => ((await (await fetch(`${gateway.origin}/health/ready`)).json()) as any).generation.version;

  const watchers = Array.from({ length: CLIENTS }, () => watch(gateway.url));
  stack.defer(() => {
    for (const { client } of watchers) void client.dispose();
  });
  const tell = (count: number) => {
    for (let n = 0; n < count; n++) feed.publish(CASES[0] as (typeof CASES)[number]);
  };
  // until everybody has had a first event; from there on everybody has to have every one
  await expect.poll(() => (tell(1), watchers.every(({ seen }) => seen.length > 0)), { timeout: 30_000, interval: 100 }).toBe(true);

  const answers = { loading: true, whole: 0, failed: [] as unknown[] };
  const load = Array.from({ length: LOAD }, async () => {
    while (answers.loading) {
      const { data, errors } = await post(gateway.url, QUERY).catch((error: unknown) => ({ data: undefined, errors: [error] }));
      if (errors === undefined && JSON.stringify(data.ledger) === JSON.stringify(WHOLE)) answers.whole++;
      else answers.failed.push(errors ?? data);
      if (answers.whole % 10 === 0) tell(1);
    }
  });

  const served: unknown[] = [await version()];
  const publish = async (input: Record<string, unknown>) => {
    tell(3);
    const { publishDepartment } = await admin.ask<any>(
      'mutation($input: PublishDepartmentInput!) { publishDepartment(input: $input) { outcome supergraphVersion { number version } } }',
      { input },
      'admin',
    );
    expect(publishDepartment.outcome).toBe('PUBLISHED');
    return publishDepartment.supergraphVersion as { number: number; version: string };
  };
  const reaches = async ({ version: expected }: { version: string }) => {
    tell(3);
    await expect.poll(version, { timeout: 20_000 }).toBe(expected);
    served.push(expected);
    const { whole } = answers;
    await expect.poll(() => answers.whole, { timeout: 20_000 }).toBeGreaterThan(whole + LOAD);
  };
  const health = { departmentCode: 'health', name: '卫生健康委', affiliation: 'PROVINCIAL', url: 'http://health.test/graphql' };
  const joined = await publish({ ...health, sdl: departmentSdl('health') });
  await reaches(joined);
  await reaches(await publish({ ...health, sdl: `${departmentSdl('health')} extend type Case { healthNote: String }` }));
  const { rollbackSupergraph } = await admin.ask<any>(
    'mutation($input: RollbackSupergraphInput!) { rollbackSupergraph(input: $input) { supergraphVersion { version } } }',
    { input: { number: joined.number } },
    'admin',
  );
  await reaches(rollbackSupergraph.supergraphVersion);
  answers.loading = false;
  await Promise.all(load);
  tell(3);

  const last = feed.events.length;
  await expect.poll(() => watchers.filter(({ seen }) => seen.at(-1) !== last).length, { timeout: 30_000 }).toBe(0);
  for (const { seen, ended } of watchers) {
    expect(ended).toEqual([]);
    const first = seen[0] as number;
    expect(seen).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  }
  expect(answers.failed).toEqual([]);
  expect(new Set(served).size).toBe(3);
  console.log(`${CLIENTS} watchers × ${last} events, ${answers.whole} queries, generations ${served.length}: none failed`);
});
