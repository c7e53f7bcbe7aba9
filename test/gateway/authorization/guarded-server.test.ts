import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GatewayAudit } from '../../../gateway/audit/gateway-audit.js';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { type AuditEntry, auditSubject } from '../../../subgraphs/kit/audit/audit-entry.js';
import { AUDIENCE, ISSUER, type TestIssuer, testIssuer } from '../security/bad-tokens.js';
import { TRANSPORTS } from '../security/transports.js';
import { silent, socketTo, startTestGateway } from '../server/test-gateway.js';
import { startTestSubgraph, type TestSubgraph } from '../server/test-subgraph.js';
import { collect } from '../subscriptions/collect.js';
import { link } from './guarded-graph.js';

const LIVE = `extend schema @link(url: "https://acceptance.gov/live/v1.0", import: ["@sharedFor"]) @composeDirective(name: "@sharedFor")
  directive @sharedFor(roles: [String!]!) on FIELD_DEFINITION\n`;
const EVENTS = `${link('@authenticated', '@requiresScopes', '@composeDirective')}${LIVE}
  type Query { person: Person }
  type Subscription { moved: Person @sharedFor(roles: ["monitor"])  secret: Person @requiresScopes(scopes: [["secret"]]) }
  type Person @key(fields: "id") { id: ID!  name: String  phone: String @requiresScopes(scopes: [["contact"]]) }`;
const RECORDS = `${link('@requiresScopes')}
  type Person @key(fields: "id") { id: ID!  record: String @requiresScopes(scopes: [["record"], ["role:monitor"]]) }`;

const stack = new AsyncDisposableStack();
const recorded: AuditEntry[] = [];
let issuer: TestIssuer;
let gateway: RunningGateway;
let events: TestSubgraph;
let records: TestSubgraph;
/** Lets the next event out. */
let publish: () => void = () => {};
let listening: () => number = () => 0;
beforeAll(async () => {
  issuer = await testIssuer();
  const listeners = new Set<() => void>();
  publish = () => listeners.forEach((listener) => void listener());
  listening = () => listeners.size;
  const stream = (field: string) => ({
    subscribe: async function* () {
      for (let id = 1; ; id++) {
        const { promise, resolve } = Promise.withResolvers<void>();
        listeners.add(resolve);
        await promise;
        listeners.delete(resolve);
        yield { [field]: { id: String(id), name: '甲', phone: '139' } };
      }
    },
  });
  events = stack.use(
    await startTestSubgraph({
      name: 'events',
      sdl: EVENTS,
      resolvers: {
        Query: { person: () => ({ id: '1', name: '甲', phone: '139' }) },
        Subscription: { moved: stream('moved'), secret: stream('secret') },
      },
    }),
  );
  records = stack.use(
    await startTestSubgraph({
      name: 'records',
      sdl: RECORDS,
      resolvers: { Person: { __resolveReference: (row: object) => row, record: () => 'r' } },
    }),
  );
  const { supergraphSdl, errors } = composeServices([events, records].map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  const sink = { record: async (entry: AuditEntry) => void recorded.push(entry) };
  const audit = stack.use(new GatewayAudit({ sink, clock: () => new Date(0), logger: silent, windowMs: 0 }));
  gateway = stack.use(
    await startTestGateway(
      { version: '1', sdl: supergraphSdl, departments: [] },
      { identity: createClientIdentity({ issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys }), audit },
    ),
  );
});
afterAll(() => stack.disposeAsync());

async function token(roles: readonly string[], scope = '', subject = 'p'): Promise<string> {
  const { SignJWT } = await import('jose');
  const made = new SignJWT({ roles, scope }).setSubject(subject).setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime('5m');
  return `Bearer ${await issuer.sign(made)}`;
}

describe.for(TRANSPORTS)('over %s', ([, ask]) => {
  const query = '{ person { name phone record } }';

  test('a guarded field is null with its error, and its fetch is not sent', async () => {
    const before = records.seen.length;
    const { text } = await ask(gateway.url, await token(['window']), query);
    expect(text).toContain('"person":{"name":"甲","phone":null,"record":null}');
    expect(text).toContain('UNAUTHORIZED_FIELD_OR_TYPE');
    expect(text).toContain('"path":["person","record"]');
    expect(records.seen.length).toBe(before);
    expect(events.seen.at(-1)?.query).not.toContain('phone');
  });

  test('scopes and roles of the token open it', async () => {
    const before = records.seen.length;
    const { text } = await ask(gateway.url, await token(['monitor'], 'contact'), query);
    expect(text).toContain('"person":{"name":"甲","phone":"139","record":"r"}');
    expect(text).not.toContain('UNAUTHORIZED');
    expect(records.seen.length).toBe(before + 1);
  });
});

describe('a subscription', () => {
  const query = 'subscription { moved { name phone record } }';
  const watch = async (roles: readonly string[], scope = '', subject = 'p') => {
    const client = socketTo(gateway, { authorization: await token(roles, scope, subject) });
    return Object.assign(collect(client, query), { client });
  };

  test('gives each viewer, at every event, what that viewer may read', async () => {
    await using cleanup = new AsyncDisposableStack();
    const watchers = await Promise.all([
      watch(['window']),
      watch(['window'], 'contact record'),
      watch(['monitor']),
      watch(['monitor'], 'contact'),
    ]);
    for (const { client } of watchers) cleanup.use(client);
    // each has an upstream of its own
    await expect.poll(() => listening()).toBe(4);
    await expect
      .poll(async () => {
        publish();
        return watchers.every(({ results }) => results.length >= 2);
      })
      .toBe(true);
    const [window, allowed, monitor, monitorToo] = watchers.map(({ results }) => results[1]);
    expect(window.data.moved).toEqual({ name: '甲', phone: null, record: null });
    expect(window.errors.map(({ path }: any) => path)).toEqual([
      ['moved', 'phone'],
      ['moved', 'record'],
    ]);
    expect(allowed).toEqual({ data: { moved: { name: '甲', phone: '139', record: 'r' } } });
    // those who share by their roles share only with whose tokens carry the same scopes
    expect(monitor.data.moved).toEqual({ name: '甲', phone: null, record: 'r' });
    expect(monitorToo.data.moved).toEqual({ name: '甲', phone: '139', record: 'r' });
  });

  test('of which nothing may be read does not begin', async () => {
    await using client = socketTo(gateway, { authorization: await token(['window']) });
    const upstreams = events.connected.length;
    const collected = collect(client, 'subscription { secret { name } }');
    await expect.poll(() => collected.ended).toBeDefined();
    expect(collected.ended?.errors).toMatchObject([{ extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' }, path: ['secret'] }]);
    expect(events.connected.length).toBe(upstreams);
  });

  test('is on record once when its viewer may not read all of it, however many events come; a query too', async () => {
    await using cleanup = new AsyncDisposableStack();
    const { client, results } = await watch(['window'], '', 'recorded');
    cleanup.use(client);
    await expect
      .poll(async () => {
        publish();
        return results.length >= 3;
      })
      .toBe(true);
    await client.iterate({ query: '{ person { name phone record } }' }).next();
    const own = recorded.filter(({ subject }) => subject === auditSubject('recorded'));
    expect(own.map(({ action, outcome, count }) => [action, outcome, count])).toEqual([
      ['moved', 'UNAUTHORIZED_FIELD_OR_TYPE', 1],
      ['person', 'UNAUTHORIZED_FIELD_OR_TYPE', 1],
    ]);
  });
});

test('a gateway may refuse operations as a whole', async () => {
  const { sdl } = await documentOf();
  await using strict = await startTestGateway(
    { version: '1', sdl, departments: [] },
    { logger: silent, authorization: { rejectUnauthorized: true } },
  );
  const response = await fetch(strict.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ person { name phone } }' }),
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({
    errors: [{ path: ['person', 'phone'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
  });
});

async function documentOf(): Promise<{ sdl: string }> {
  const { supergraphSdl = '' } = composeServices([events, records].map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })));
  return { sdl: supergraphSdl };
}
