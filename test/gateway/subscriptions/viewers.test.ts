import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import { createDemoIssuer } from '../../../gateway/security/demo-issuer.js';
import { viewerOf } from '../../../gateway/subscriptions/viewer.js';
import { generateInternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../subgraphs/kit/identity/internal-tokens.js';
import { LIVE_LINK } from '../server/small-province.js';
import { socketTo, startTestGateway } from '../server/test-gateway.js';
import { startTestSubgraph } from '../server/test-subgraph.js';

describe('who shares with whom', () => {
  const LIST = ['window', 'monitor', 'department:*'];
  test.for([
    ['equal callers', ['a', ['applicant']], ['a', ['applicant']], true],
    ['callers whose roles come in another order', ['a', ['x', 'y']], ['a', ['y', 'x']], true],
    ['two applicants', ['a', ['applicant']], ['b', ['applicant']], false],
    ['two at windows', ['a', ['window']], ['b', ['window']], true],
    ['two officers of one department', ['a', ['department:drug']], ['b', ['department:drug']], true],
    ['officers of two departments', ['a', ['department:drug']], ['b', ['department:transport']], false],
    ['one with more roles', ['a', ['window', 'monitor']], ['b', ['window']], false],
    ['two who are applicants as well', ['a', ['window', 'applicant']], ['b', ['window', 'applicant']], false],
    ['two without any role', ['a', []], ['b', []], false],
  ] as const)('%s', ([, [a, rolesA], [b, rolesB], share]) => {
    const first = viewerOf({ subject: a, roles: rolesA }, LIST);
    const second = viewerOf({ subject: b, roles: rolesB }, LIST);
    expect(first.key === second.key).toBe(share);
    if (share && a !== b) expect(JSON.stringify(first)).not.toMatch(new RegExp(`"${a}"`));
  });
});

const SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
  ${LIVE_LINK}
  type Query { nothing: Int }
  type Subscription { progress(after: String): Progress! @eventCursor @sharedFor(roles: ["window"]) }
  type Progress { cursor: String!  owner: String!  seenBy: String! }
`;

describe('a subgraph that guards its rows', () => {
  test('never has one person shown the rows of another through a shared upstream', async () => {
    await using stack = new AsyncDisposableStack();
    const keys = await generateInternalKeys();
    const verifier = createInternalTokenVerifier(keys);
    const listeners = new Set<(event: { cursor: string; owner: string }) => void>();
    const subjects: string[] = [];
    const guarded = stack.use(
      await startTestSubgraph({
        name: 'guarded',
        sdl: SDL,
        context: async (authorization) => ({ caller: await verifier.verify(authorization, 'guarded') }),
        resolvers: {
          Subscription: {
            progress: {
              subscribe: (_: unknown, __: unknown, { caller }: any) => {
                subjects.push(caller.subject);
                const queue: unknown[] = [];
                let wake = Promise.withResolvers<void>();
                const state = { open: true };
                const listener = (event: { cursor: string; owner: string }) => {
                  if (!caller.roles.includes('window') && event.owner !== caller.subject) return;
                  queue.push({ progress: { ...event, seenBy: caller.subject } });
                  wake.resolve();
                };
                listeners.add(listener);
                return {
                  [Symbol.asyncIterator]() {
                    return this;
                  },
                  async next() {
                    while (state.open && queue.length === 0) {
                      wake = Promise.withResolvers();
                      await wake.promise;
                    }
                    return state.open ? { value: queue.shift(), done: false } : { value: undefined, done: true };
                  },
                  async return() {
                    state.open = false;
                    listeners.delete(listener);
                    wake.resolve();
                    return { value: undefined, done: true };
                  },
                };
              },
            },
          },
        },
      }),
    );
    const { supergraphSdl } = composeServices([{ name: 'guarded', url: guarded.url, typeDefs: parse(SDL) }]);
    const directory = await mkdtemp(join(tmpdir(), 'viewers-'));
    stack.defer(() => rm(directory, { recursive: true }));
    const issuer = await createDemoIssuer(join(directory, 'issuer.json'));
    const gateway = stack.use(
      await startTestGateway(
        { version: '1', sdl: supergraphSdl ?? '', departments: [] },
        { identity: createClientIdentity(issuer), internalTokens: await createInternalTokens(keys) },
      ),
    );
    const watch = async (subject: string, role: string) => {
      const client = stack.use(socketTo(gateway, { authorization: `Bearer ${await issuer.issue(subject, [role])}` }));
      const seen: any[] = [];
      client.subscribe(
        { query: 'subscription { progress { cursor owner seenBy } }' },
        { next: ({ data }: any) => void seen.push(data.progress), error: console.error, complete() {} },
      );
      return seen;
    };
    const anna = await watch('anna', 'applicant');
    const annasPhone = await watch('anna', 'applicant');
    const bert = await watch('bert', 'applicant');
    const windows = [await watch('w1', 'window'), await watch('w2', 'window')];
    await expect.poll(() => listeners.size).toBe(3);
    await expect.poll(async () => (await fetch(`${gateway.origin}/metrics`)).text()).toContain('acceptance_live_subscriptions 5');
    for (const [index, owner] of ['anna', 'bert', 'anna', 'carl'].entries())
      for (const listener of listeners) listener({ cursor: `c${index}`, owner });
    await expect.poll(() => windows.map((seen) => seen.length)).toEqual([4, 4]);
    await expect.poll(() => [anna.length, annasPhone.length, bert.length]).toEqual([2, 2, 1]);
    expect(anna.map(({ owner }) => owner)).toEqual(['anna', 'anna']);
    expect(annasPhone).toEqual(anna);
    expect(bert.map(({ owner }) => owner)).toEqual(['bert']);
    // asked in the name of the role: the subgraph never learns which of the two it is for
    expect(subjects.sort()).toEqual(['anna', 'bert', 'roles:window']);
    await expect(
      issuer.issue('roles:window', ['window']).then((token) => createClientIdentity(issuer).establish(`Bearer ${token}`, 'r')),
    ).rejects.toThrow();
  });
});
