import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { GatewayAudit } from '../../../gateway/audit/gateway-audit.js';
import { TrustedDocuments } from '../../../gateway/limits/trusted-documents.js';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import type { GatewayOptions, ProtectionOptions, RunningGateway } from '../../../gateway/server/start-gateway.js';
import { type AuditEntry, auditSubject } from '../../../subgraphs/kit/audit/audit-entry.js';
import { AUDIENCE, ISSUER, type TestIssuer, testIssuer } from '../security/bad-tokens.js';
import { type Province, startProvince } from '../server/small-province.js';
import { post, silent, socketTo, startTestGateway } from '../server/test-gateway.js';

const ITEMS = { query: '{ items { code } }' };
const stack = new AsyncDisposableStack();
let province: Province;
let issuer: TestIssuer;
let token: string;
beforeAll(async () => {
  province = stack.use(await startProvince());
  issuer = await testIssuer();
  token = `Bearer ${await issuer.sign(issuer.claims(['window']).setSubject('somebody'))}`;
});
afterAll(() => stack.disposeAsync());

interface Recording extends AsyncDisposable {
  readonly gateway: RunningGateway;
  /** Every record so far, in order, without those that only count. */
  readonly records: AuditEntry[];
}

async function start(protection: ProtectionOptions = {}, options: Partial<GatewayOptions> = {}): Promise<Recording> {
  await using own = new AsyncDisposableStack();
  const records: AuditEntry[] = [];
  const audit = own.use(
    new GatewayAudit({ sink: { record: async (entry) => void records.push(entry) }, clock: () => new Date(0), logger: silent }),
  );
  const identity = createClientIdentity({ issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys });
  const gateway = own.use(await startTestGateway(province.document(), { protection, identity, audit, ...options }));
  const running = own.move();
  return { gateway, records, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

const told = ({ outcome, action, subject, object }: AuditEntry) => ({ outcome, action, subject, object });
const NOBODY = { subject: null, object: expect.stringMatching(/^address=[0-9a-f]{16}$/) };
const SOMEBODY = { subject: auditSubject('somebody'), object: '' };

function connect(url: string, headers: Record<string, string> = {}): WebSocket {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers });
  socket.on('error', () => {});
  return socket;
}

test('what is answered as asked is not on record; no query is', async () => {
  await using recording = await start();
  await post(recording.gateway.url, ITEMS, { authorization: token });
  await post(recording.gateway.url, { query: '{ nothing }' }, { authorization: token });
  await post(recording.gateway.url, '{');
  expect(recording.records).toEqual([]);
});

test.for<[what: string, protection: ProtectionOptions, body: unknown, headers: Record<string, string>, record: object]>([
  ['a token that is not valid', {}, ITEMS, { authorization: 'Bearer x' }, { outcome: 'UNAUTHENTICATED', action: 'request', ...NOBODY }],
  [
    'a page of another origin',
    {},
    ITEMS,
    { origin: 'https://evil.example' },
    { outcome: 'ORIGIN_NOT_ALLOWED', action: 'request', ...NOBODY },
  ],
  [
    'a document that is not registered',
    { trusted: new TrustedDocuments([]) },
    ITEMS,
    {},
    { outcome: 'DOCUMENT_NOT_TRUSTED', action: 'request', ...NOBODY },
  ],
  [
    'an operation that costs too much',
    { cost: { limit: 1 } },
    ITEMS,
    { authorization: 'good' },
    { outcome: 'COST_LIMIT_EXCEEDED', action: 'items', ...SOMEBODY },
  ],
  [
    'an operation that is too large',
    { limits: { aliases: 0 } },
    { query: '{ a: items { code } }' },
    { authorization: 'good' },
    { outcome: 'OPERATION_TOO_LARGE', action: 'request', ...NOBODY },
  ],
  [
    'a body that is too large',
    {},
    { query: ITEMS.query, variables: { x: 'x'.repeat(1_100_000) } },
    {},
    { outcome: 'PAYLOAD_TOO_LARGE', action: 'request', ...NOBODY },
  ],
  [
    'a department nobody knows',
    {},
    { query: '{ a: desk(departmentCode: "nowhere") }' },
    { authorization: 'good' },
    { outcome: 'UNKNOWN_DEPARTMENT', action: 'desk', ...SOMEBODY },
  ],
])('%s is on record, once, over HTTP and streams', async ([, protection, body, headers, record]) => {
  const given = { ...headers, ...(headers['authorization'] === 'good' && { authorization: token }) };
  for (const accept of ['application/json', 'text/event-stream']) {
    await using recording = await start(protection);
    const response = await fetch(recording.gateway.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'x-request-id': 'r-7', ...given },
      body: JSON.stringify(body),
    });
    await response.text();
    expect(recording.records.map(told), accept).toEqual([record]);
    expect(recording.records[0], accept).toMatchObject({ requestId: 'r-7', count: 1 });
    expect(JSON.stringify(recording.records)).not.toMatch(/127\.0\.0\.1|::1|somebody|evil/);
  }
});

test('who asks too often is on record: an address by its digest, an identity by its own', async () => {
  await using recording = await start({ rates: { perIdentity: 1, perAddress: 0 } });
  for (let n = 0; n < 30; n++) await post(recording.gateway.url, ITEMS, { authorization: token });
  expect(recording.records.map(told)[0]).toEqual({ outcome: 'RATE_LIMITED', action: 'request', ...SOMEBODY });
  await using other = await start({ rates: { perIdentity: 0, perAddress: 1 } });
  for (let n = 0; n < 30; n++) await post(other.gateway.url, ITEMS, { authorization: token });
  expect(other.records.map(told)[0]).toEqual({ outcome: 'RATE_LIMITED', action: 'request', ...NOBODY });
});

test('so is what sockets are refused, before and after they are known', async () => {
  await using recording = await start({ cost: { limit: 1 } }, { subscriptions: { subscriptionsPerConnection: 1 } });
  const { gateway, records } = recording;
  const upgrade = connect(gateway.url, { origin: 'https://evil.example' });
  await new Promise((resolve) => upgrade.once('close', resolve));
  expect(records.map(told)).toEqual([{ outcome: 'ORIGIN_NOT_ALLOWED', action: 'connection', ...NOBODY }]);
  const unknown = connect(gateway.url);
  unknown.once('open', () => unknown.send(JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer x' } })));
  await new Promise((resolve) => unknown.once('close', resolve));
  expect(records.map(told)[1]).toEqual({ outcome: 'UNAUTHENTICATED', action: 'connection', ...NOBODY });
  await using client = socketTo(gateway, { authorization: token });
  await client.iterate(ITEMS).next();
  expect(records.map(told)[2]).toEqual({ outcome: 'COST_LIMIT_EXCEEDED', action: 'items', ...SOMEBODY });
  const live = client.iterate({ query: 'subscription { caseEvents { case { item { code } } } }' });
  await expect(live.next()).rejects.toBeDefined();
  expect(records.map(told)[3]).toMatchObject({ outcome: 'COST_LIMIT_EXCEEDED', ...SOMEBODY });
});

test('a mutation is on record before it is answered: what it was about, and how it ended', async () => {
  await using recording = await start();
  const rename = (code: string) =>
    post(
      recording.gateway.url,
      { query: `mutation ($code: ID!) { a: rename(code: $code, name: "张三") { code } }`, variables: { code } },
      { authorization: token, 'x-request-id': 'r-8' },
    );
  await rename('i1');
  const { data } = await rename('410101199001011234');
  expect(recording.records.map((record) => [told(record), record.roles, record.requestId, record.count])).toEqual([
    [{ subject: auditSubject('somebody'), action: 'rename', object: 'code=i1', outcome: 'OK' }, 'window', 'r-8', 1],
    [
      { subject: auditSubject('somebody'), action: 'rename', object: 'code=*', outcome: data === null ? 'INTERNAL_SERVER_ERROR' : 'OK' },
      'window',
      'r-8',
      1,
    ],
  ]);
  await using client = socketTo(recording.gateway, { authorization: token });
  await client.iterate({ query: 'mutation { rename(code: "i2", name: "x") { code } }' }).next();
  expect(recording.records.at(-1)).toMatchObject({ action: 'rename', object: 'code=i2', outcome: 'OK' });
});

test('each of several mutations in one operation is on record, with what it was about and how it ended', async () => {
  await using recording = await start();
  const query =
    'mutation { a: rename(code: "i1", name: "x") { code } b: rename(code: "i2", name: "x") { code } c: rename(code: "i1", name: "x") @skip(if: true) { code } }';
  await post(recording.gateway.url, { query }, { authorization: token });
  expect(recording.records.map(({ action, object, outcome }) => [action, object, outcome])).toEqual([
    ['rename', 'code=i1', 'OK'],
    ['rename', 'code=i2', 'OK'],
  ]);
});

test('an audit that hangs holds up no mutation for long; those that follow are refused before they are done, until it answers', async () => {
  const hanging = Promise.withResolvers<void>();
  let hangs = true;
  const record = () => (hangs ? hanging.promise : Promise.resolve());
  await using audit = new GatewayAudit({ sink: { record }, clock: () => new Date(0), logger: silent, patienceMs: 50 });
  await using gateway = await startTestGateway(province.document(), { audit });
  const rename = () => post(gateway.url, { query: 'mutation { rename(code: "i1", name: "x") { code } }' });
  expect((await rename()).data).toEqual({ rename: { code: 'i1' } });
  const asked = province.catalog.seen.length;
  const refused = await rename();
  expect([refused.status, refused.errors?.[0]?.extensions['code']]).toEqual([503, 'STORE_UNAVAILABLE']);
  expect(province.catalog.seen.length).toBe(asked);
  expect((await post(gateway.url, ITEMS)).status).toBe(200);
  hangs = false;
  hanging.resolve();
  await expect.poll(async () => (await rename()).status).toBe(200);
});

test('a mutation that was refused before anything was run is on record as refused', async () => {
  await using recording = await start({ cost: { limit: 1 } });
  const query = 'mutation { rename(code: "i1", name: "x") { code } b: rename(code: "i2", name: "x") { code } }';
  const asked = province.catalog.seen.length;
  await post(recording.gateway.url, { query }, { authorization: token });
  expect(province.catalog.seen.length).toBe(asked);
  expect(recording.records.map(told)).toEqual([{ outcome: 'COST_LIMIT_EXCEEDED', action: 'rename', ...SOMEBODY }]);
});
