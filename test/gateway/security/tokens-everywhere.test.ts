import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import { issuerKeys } from '../../../gateway/security/issuer-keys.js';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { type Province, startProvince } from '../server/small-province.js';
import { startTestGateway } from '../server/test-gateway.js';
import { AUDIENCE, BAD_TOKENS, ISSUER, type TestIssuer, testIssuer } from './bad-tokens.js';
import { TRANSPORTS } from './transports.js';

const QUERY = '{ items { code } }';
const stack = new AsyncDisposableStack();
let issuer: TestIssuer;
let province: Province;
let gateway: RunningGateway;
beforeAll(async () => {
  issuer = await testIssuer();
  province = stack.use(await startProvince());
  const identity = createClientIdentity({ issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys });
  gateway = stack.use(await startTestGateway(province.document(), { identity }));
});
afterAll(() => stack.disposeAsync());

/** The parts of an answer that are the same for all requests. */
const told = (text: string) => text.replace(/"x-request-id":"[^"]*"/g, '');

describe.for(TRANSPORTS)('over %s', ([, ask]) => {
  test('a good token is taken', async () => {
    const { text } = await ask(gateway.url, `Bearer ${await issuer.sign(issuer.claims())}`, QUERY);
    expect(text).toContain('"code":"i1"');
  });

  test('every bad token is refused alike, and nobody is asked', async () => {
    const asked = province.catalog.seen.length;
    const answers = new Map<string, string[]>();
    for (const [what, token] of BAD_TOKENS) {
      const { status, text } = await ask(gateway.url, `Bearer ${await token(issuer)}`, QUERY);
      const key = `${status} ${told(text)}`;
      answers.set(key, [...(answers.get(key) ?? []), what]);
    }
    for (const authorization of ['Basic eDp5', 'Bearer a b', 'Token x']) {
      const { status, text } = await ask(gateway.url, authorization, QUERY);
      answers.set(`${status} ${told(text)}`, [...(answers.get(`${status} ${told(text)}`) ?? []), authorization]);
    }
    expect([...answers.keys()]).toHaveLength(1);
    const [only = ''] = answers.keys();
    expect(only).toMatch(/^(401|4401) /);
    expect(only).toContain('UNAUTHENTICATED');
    expect(only).not.toMatch(/expired|audience|issuer|signature|algorithm|kid|claim/i);
    expect(province.catalog.seen.length).toBe(asked);
  });
});

describe('several issuers', () => {
  test('are each believed for their own tokens, with their own keys and audience', async () => {
    const other = await testIssuer('other');
    const identity = createClientIdentity([
      { issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys },
      { issuer: 'https://second.invalid', audience: 'second', keys: other.keys },
    ]);
    const establish = async (token: string) => (await identity.establish(`Bearer ${token}`, 'r')).caller.subject;
    expect(await establish(await issuer.sign(issuer.claims()))).toBe('p');
    const second = () => other.claims().setIssuer('https://second.invalid').setAudience('second');
    expect(await establish(await other.sign(second()))).toBe('p');
    // one's key under the other's name, one's audience at the other
    await expect(establish(await issuer.sign(second()))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(establish(await other.sign(other.claims()))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(establish(await other.sign(second().setAudience(AUDIENCE)))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('claims', () => {
  test('give scopes as a text or a list, never those that come with roles', async () => {
    const identity = createClientIdentity({ issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys });
    const { SignJWT } = await import('jose');
    const of = async (claims: Record<string, unknown>) => {
      const token = new SignJWT(claims).setSubject('p').setIssuer(ISSUER).setAudience(AUDIENCE).setExpirationTime('1m');
      return (await identity.establish(`Bearer ${await issuer.sign(token)}`, 'r')).caller.scopes;
    };
    expect(await of({ scope: 'read  write' })).toEqual(['read', 'write']);
    expect(await of({ scopes: ['read', 7, 'role:admin'] })).toEqual(['read']);
    expect(await of({ scope: 'role:admin' })).toBeUndefined();
    expect(await of({})).toBeUndefined();
  });

  test('may be off by as much as clocks may differ', async () => {
    const late = () => issuer.sign(issuer.claims().setExpirationTime(Math.floor(Date.now() / 1_000) - 20));
    const tolerant = (clockTolerance: number) =>
      createClientIdentity({ issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys }, { clockTolerance });
    expect((await tolerant(60).establish(`Bearer ${await late()}`, 'r')).caller.subject).toBe('p');
    await expect(tolerant(5).establish(`Bearer ${await late()}`, 'r')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('published keys', () => {
  test('are kept, rotated when a token names a new one, and used on while they can not be had', async () => {
    const next = await testIssuer('rsa-2');
    let published: JSONWebKeySet | undefined = issuer.keys;
    let fetched = 0;
    let outages = 0;
    const server = createServer((_request, response) => {
      fetched++;
      if (published === undefined) response.writeHead(503).end();
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(published));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`);
    try {
      const keyFor = issuerKeys(url, { cooldownMs: 0, onUnavailable: () => void outages++ });
      const find = (kid: string) => keyFor({ alg: 'RS256', kid }, { payload: '', signature: '' });
      for (let i = 0; i < 5; i++) await find('rsa-1');
      expect(fetched).toBe(1);
      published = { keys: [...issuer.keys.keys, ...next.keys.keys] };
      await find('rsa-2');
      expect(fetched).toBe(2);
      // the old one is withdrawn, and then nothing answers: what was seen last holds
      published = next.keys;
      await expect(find('rsa-3')).rejects.toThrow();
      await expect(find('rsa-1')).rejects.toThrow();
      published = undefined;
      await find('rsa-2');
      await expect(find('rsa-1')).rejects.toThrow();
      // told once, until they can be had again
      expect(outages).toBe(1);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('that never could be had let nobody in, and are no verdict on the token', async () => {
    const told: string[] = [];
    const identity = createClientIdentity(
      { issuer: ISSUER, audience: AUDIENCE, keys: new URL('http://127.0.0.1:9/jwks') },
      { onKeysUnavailable: (name) => told.push(name) },
    );
    for (let asked = 0; asked < 3; asked++)
      await expect(identity.establish(`Bearer ${await issuer.sign(issuer.claims())}`, 'r')).rejects.toMatchObject({
        code: 'IDENTITY_UNAVAILABLE',
        extensions: { http: { status: 503 } },
      });
    expect(told).toEqual([ISSUER]);
    await expect(identity.establish('Bearer no.token.this', 'r')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
