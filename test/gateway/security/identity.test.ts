import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import { createDemoIssuer, type DemoIssuer } from '../../../gateway/security/demo-issuer.js';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { generateInternalKeys, type InternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { createInternalTokens, createInternalTokenVerifier } from '../../../subgraphs/kit/identity/internal-tokens.js';
import { type Province, startProvince } from '../server/small-province.js';
import { post, socketTo, startTestGateway } from '../server/test-gateway.js';

const stack = new AsyncDisposableStack();
let province: Province;
let gateway: RunningGateway;
let issuer: DemoIssuer;
let keys: InternalKeys;
let keyFile: string;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'issuer-'));
  stack.defer(() => rm(folder, { recursive: true }));
  keyFile = join(folder, 'sub', 'issuer.json');
  issuer = await createDemoIssuer(keyFile, {});
  keys = await generateInternalKeys();
  province = stack.use(await startProvince());
  gateway = stack.use(
    await startTestGateway(province.document(), {
      identity: createClientIdentity(issuer),
      internalTokens: await createInternalTokens(keys),
    }),
  );
});
afterAll(() => stack.disposeAsync());

const ITEMS = { query: '{ items { code } }' };
const ask = (authorization?: string) => post(gateway.url, ITEMS, authorization === undefined ? {} : { authorization });
/** Who the catalogue was told that the last request was made for. */
const toldCaller = () => createInternalTokenVerifier(keys).verify(province.catalog.seen.at(-1)?.headers.authorization, 'catalog');

async function privateKey() {
  const { importJWK } = await import('jose');
  return importJWK(JSON.parse(await readFile(keyFile, 'utf8')), 'EdDSA');
}
const now = () => Math.floor(Date.now() / 1_000);
const claims = () =>
  new SignJWT({ roles: ['admin'] })
    .setSubject('p')
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setExpirationTime(now() + 60);
const header = () => ({ alg: 'EdDSA', kid: issuer.keys.keys[0]?.kid as string });

const BAD: [what: string, token: () => Promise<string>][] = [
  [
    'expired',
    async () =>
      claims()
        .setExpirationTime(now() - 60)
        .setProtectedHeader(header())
        .sign(await privateKey()),
  ],
  [
    'not yet valid',
    async () =>
      claims()
        .setNotBefore(now() + 600)
        .setProtectedHeader(header())
        .sign(await privateKey()),
  ],
  [
    'for another audience',
    async () =>
      claims()
        .setAudience('elsewhere')
        .setProtectedHeader(header())
        .sign(await privateKey()),
  ],
  [
    'of another issuer',
    async () =>
      claims()
        .setIssuer('https://elsewhere.invalid')
        .setProtectedHeader(header())
        .sign(await privateKey()),
  ],
  [
    'without a subject',
    async () => {
      const token = new SignJWT({})
        .setIssuer(issuer.issuer)
        .setAudience(issuer.audience)
        .setExpirationTime(now() + 60);
      return token.setProtectedHeader(header()).sign(await privateKey());
    },
  ],
  [
    'that never expires',
    async () => {
      const token = new SignJWT({}).setSubject('p').setIssuer(issuer.issuer).setAudience(issuer.audience);
      return token.setProtectedHeader(header()).sign(await privateKey());
    },
  ],
  [
    'without a signature',
    async () =>
      new UnsecuredJWT({ roles: ['admin'] })
        .setSubject('p')
        .setIssuer(issuer.issuer)
        .setAudience(issuer.audience)
        .setExpirationTime(now() + 60)
        .encode(),
  ],
  [
    'signed with another key under the same name',
    async () => {
      const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
      return claims().setProtectedHeader(header()).sign(privateKey);
    },
  ],
  [
    'signed with the public key as a shared secret',
    async () => {
      const secret = new TextEncoder().encode(JSON.stringify(issuer.keys.keys[0]));
      return claims()
        .setProtectedHeader({ ...header(), alg: 'HS256' })
        .sign(secret);
    },
  ],
  [
    'whose claims were changed',
    async () => {
      const [head, , signature] = (await issuer.issue('p', ['applicant'])).split('.');
      const changed = Buffer.from(
        JSON.stringify({ sub: 'p', roles: ['admin'], iss: issuer.issuer, aud: issuer.audience, exp: now() + 60 }),
      );
      return `${head}.${changed.toString('base64url')}.${signature}`;
    },
  ],
  ['that is no token', async () => 'x'],
];

describe('a client', () => {
  test('without a token is anonymous', async () => {
    expect((await ask()).status).toBe(200);
    expect(await toldCaller()).toMatchObject({ subject: 'anonymous', roles: [] });
  });

  test('with a token is who it says', async () => {
    expect((await ask(`Bearer ${await issuer.issue('person-1', ['applicant', 'monitor'])}`)).status).toBe(200);
    expect(await toldCaller()).toMatchObject({ subject: 'person-1', roles: ['applicant', 'monitor'] });
  });

  test('is never taken for the platform itself', async () => {
    await ask(`Bearer ${await issuer.issue('person-1', ['platform', 'applicant'])}`);
    expect((await toldCaller()).roles).toEqual(['applicant']);
  });

  test('with a bad token is refused, whatever is wrong with it, always alike', async () => {
    const asked = province.catalog.seen.length;
    const answers = new Set<string>();
    for (const [, token] of BAD) {
      const { status, headers, ...body } = await ask(`Bearer ${await token()}`);
      answers.add(JSON.stringify([status, headers.get('www-authenticate'), body]));
    }
    for (const authorization of ['Basic eDp5', 'Bearer', 'Bearer a b']) {
      const { status, headers, ...body } = await ask(authorization);
      answers.add(JSON.stringify([status, headers.get('www-authenticate'), body]));
    }
    expect([...answers]).toEqual([
      JSON.stringify([401, 'Bearer', { errors: [{ message: 'the token is not valid', extensions: { code: 'UNAUTHENTICATED' } }] }]),
    ]);
    expect(province.catalog.seen.length).toBe(asked);
  });

  test.for(BAD)('with a token %s gets no socket either', async ([, token]) => {
    const socket = new WebSocket(gateway.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const closed = new Promise((resolve) => socket.once('close', (code, reason) => resolve([code, String(reason)])));
    const authorization = `Bearer ${await token()}`;
    const init = () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }));
    if (socket.readyState === WebSocket.OPEN) init();
    else socket.once('open', init);
    expect(await closed).toEqual([4401, 'UNAUTHENTICATED']);
  });

  test.for([7, null, {}, ['x']])('whose socket sends %j for a token is not taken for anonymous', async (authorization) => {
    const socket = new WebSocket(gateway.url.replace(/^http/, 'ws'), 'graphql-transport-ws');
    const outcome = new Promise((resolve) => {
      socket.once('close', (code) => resolve(code));
      socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString()).type));
    });
    socket.once('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
    // JSON's null is how clients write "none"
    expect(await outcome).toBe(authorization === null ? 'connection_ack' : 4401);
    socket.terminate();
  });

  test('keeps its identity on upstream sockets, which are shared only by callers that no subgraph can tell apart', async () => {
    const subscription = { query: 'subscription { caseEvents { cursor } }' };
    const clients = await Promise.all(
      ['a', 'a', 'b'].map(async (subject) => socketTo(gateway, { authorization: `Bearer ${await issuer.issue(subject, ['window'])}` })),
    );
    for (const client of clients) client.subscribe(subscription, { next() {}, error() {}, complete() {} });
    await expect.poll(() => province.feed.subscribers).toBe(2);
    expect(province.ledger.sockets).toBe(2);
    const verifier = createInternalTokenVerifier(keys);
    const subjects = await Promise.all(
      province.ledger.connected.map(async (payload) => (await verifier.verify(String(payload?.['authorization']), 'ledger')).subject),
    );
    expect(subjects.sort()).toEqual(['a', 'b']);
    for (const client of clients) await client.dispose();
    await expect.poll(() => province.feed.subscribers).toBe(0);
  });

  test('whose token expires loses its socket then', async () => {
    const token = await claims()
      // accepted for the clock tolerance after its end, so the socket opens and closes at once
      .setExpirationTime(now() - 1)
      .setProtectedHeader(header())
      .sign(await privateKey());
    const client = socketTo(gateway, { authorization: `Bearer ${token}` });
    const closed = new Promise((resolve) => client.on('closed', (event: any) => resolve(event.code)));
    client.subscribe({ query: 'subscription { caseEvents { cursor } }' }, { next() {}, error() {}, complete() {} });
    // unlike 4401, a code after which clients connect again, with a new token
    expect(await closed).toBe(4403);
    await expect.poll(() => province.feed.subscribers).toBe(0);
  });
});

describe('keys', () => {
  test('are fetched from where they are published', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' };
    await using published = await serveJson({ keys: [jwk] });
    const identity = createClientIdentity({ issuer: 'https://idp.invalid', audience: 'graph', keys: new URL(published.url) });
    const token = await new SignJWT({ roles: ['window'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setSubject('s')
      .setIssuer('https://idp.invalid')
      .setAudience('graph')
      .setExpirationTime(now() + 60)
      .sign(privateKey);
    expect((await identity.establish(`Bearer ${token}`, 'r')).caller).toEqual({ subject: 's', roles: ['window'], requestId: 'r' });
  });

  test('of the demonstration issuer stay the same over starts, for the owner alone', async () => {
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const [one, two] = await Promise.all([createDemoIssuer(keyFile, {}), createDemoIssuer(keyFile, {})]);
    expect(one.keys).toEqual(issuer.keys);
    const { caller } = await createClientIdentity(issuer).establish(`Bearer ${await two.issue('p', [])}`, 'r');
    expect(caller.subject).toBe('p');
    expect(issuer.keys.keys[0]).not.toHaveProperty('d');
  });

  test('of the demonstration issuer made by two starts at once are one key', async () => {
    const file = join(keyFile, '..', 'race.json');
    const issuers = await Promise.all(Array.from({ length: 8 }, () => createDemoIssuer(file, {})));
    expect(new Set(issuers.map(({ keys }) => JSON.stringify(keys))).size).toBe(1);
  });

  test('that are damaged stop the start and stay as they are', async () => {
    const file = join(keyFile, '..', 'damaged.json');
    await writeFile(file, '{"kty":');
    await expect(createDemoIssuer(file, {})).rejects.toThrow('damaged.json does not hold');
    expect(await readFile(file, 'utf8')).toBe('{"kty":');
  });

  test('of the demonstration issuer are not for production', async () => {
    await expect(createDemoIssuer(keyFile, { NODE_ENV: 'production' })).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});

async function serveJson(value: unknown): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
