import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import { createDemoIssuer } from '../../../gateway/security/demo-issuer.js';
import { LIVE_LINK, TestFeed } from '../server/small-province.js';
import { socketTo, startTestGateway } from '../server/test-gateway.js';
import { startTestSubgraph } from '../server/test-subgraph.js';

const LEDGER = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  ${LIVE_LINK}
  type Query { nothing: Int }
  type Subscription { caseEvents(after: String): CaseEvent! @eventCursor @sharedFor(roles: ["window"]) }
  type CaseEvent { cursor: String!  case: Case }
  type Case { number: ID!  item: Item! }
  type Item @key(fields: "code", resolvable: false) { code: ID! }
`;
const CATALOG = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@policy"])
  type Query { items: Int }
  type Item @key(fields: "code") { code: ID!  kind: String  name: String @policy(policies: [["names"]]) }
`;

test('two who share a stream by their role are given what each of them may see, where a policy looks at the person', async () => {
  await using stack = new AsyncDisposableStack();
  const feed = new TestFeed();
  const ledger = stack.use(
    await startTestSubgraph({
      name: 'ledger',
      sdl: LEDGER,
      resolvers: { Subscription: { caseEvents: { subscribe: (_: unknown, { after }: { after?: string }) => feed.subscribe(after) } } },
    }),
  );
  const catalog = stack.use(
    await startTestSubgraph({
      name: 'catalog',
      sdl: CATALOG,
      resolvers: { Item: { __resolveReference: ({ code }: { code: string }) => ({ code, kind: 'LICENCE', name: 'for few' }) } },
    }),
  );
  const { supergraphSdl } = composeServices([
    { name: 'ledger', url: ledger.url, typeDefs: parse(LEDGER) },
    { name: 'catalog', url: catalog.url, typeDefs: parse(CATALOG) },
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'policies-'));
  stack.defer(() => rm(directory, { recursive: true }));
  const issuer = await createDemoIssuer(join(directory, 'issuer.json'));
  const gateway = stack.use(
    await startTestGateway(
      { version: '1', sdl: supergraphSdl ?? '', departments: [] },
      { identity: createClientIdentity(issuer), authorization: { policyHook: (_policy, { subject }) => subject === 'anna' } },
    ),
  );
  const watch = async (subject: string, running: number) => {
    const client = stack.use(socketTo(gateway, { authorization: `Bearer ${await issuer.issue(subject, ['window'])}` }));
    const seen: any[] = [];
    client.subscribe(
      { query: 'subscription { caseEvents { case { item { kind name } } } }' },
      { next: (result) => void seen.push(result), error: console.error, complete() {} },
    );
    await expect.poll(async () => (await fetch(`${gateway.origin}/metrics`)).text()).toContain(`acceptance_live_subscriptions ${running}`);
    return seen;
  };
  const anna = await watch('anna', 1);
  const bert = await watch('bert', 2);
  await expect.poll(() => feed.subscribers).toBe(1);
  feed.publish({ number: 'n1', departmentCode: 'drug', item: { code: 'i1' } });
  await expect.poll(() => [anna.length, bert.length]).toEqual([1, 1]);
  expect(anna[0].data.caseEvents.case.item).toEqual({ kind: 'LICENCE', name: 'for few' });
  expect(bert[0].data.caseEvents.case.item).toEqual({ kind: 'LICENCE', name: null });
  expect(JSON.stringify(bert)).not.toContain('for few');
  // and they share the one upstream all the same
  expect(feed.subscribers).toBe(1);
});
