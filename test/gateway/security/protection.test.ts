import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { TrustedDocuments } from '../../../gateway/limits/trusted-documents.js';
import { createClientIdentity } from '../../../gateway/security/client-identity.js';
import { RateLimits } from '../../../gateway/security/rate-limits.js';
import type { GatewayOptions, ProtectionOptions } from '../../../gateway/server/start-gateway.js';
import { REDIS_URL, redisAnswers, redisNote } from '../../support/redis.js';
import { type Province, startProvince } from '../server/small-province.js';
import { post, socketTo, startTestGateway } from '../server/test-gateway.js';
import { AUDIENCE, ISSUER, testIssuer } from './bad-tokens.js';

const ITEMS = { query: '{ items { code } }' };
const stack = new AsyncDisposableStack();
let province: Province;
beforeAll(async () => {
  province = stack.use(await startProvince());
});
afterAll(() => stack.disposeAsync());

const start = (protection: ProtectionOptions, options: Partial<GatewayOptions> = {}) =>
  startTestGateway(province.document(), { protection, ...options });

/** How a socket's upgrade is answered: 101, or the status it is refused with. */
function upgrade(url: string, headers: Record<string, string>): Promise<number> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws', { headers });
  return new Promise((resolve) => {
    socket.once('open', () => {
      socket.terminate();
      resolve(101);
    });
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      resolve(statusCode);
    });
    socket.on('error', () => {});
  });
}

describe('pages of other origins', () => {
  test.for<[what: string, headers: Record<string, string>, allowed: boolean]>([
    ['no browser', {}, true],
    ['a page of the gateway itself', { 'sec-fetch-site': 'same-origin' }, true],
    ['an address typed in', { 'sec-fetch-site': 'none' }, true],
    ['a page of an allowed origin', { origin: 'https://portal.example', 'sec-fetch-site': 'cross-site' }, true],
    ['a page of another origin', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
    ['a page that hides its origin', { origin: 'null' }, false],
    ['an image or link on another site', { 'sec-fetch-site': 'cross-site' }, false],
    ['an image or link on a sister site', { 'sec-fetch-site': 'same-site' }, false],
    ['an origin that only begins alike', { origin: 'https://portal.example.evil.example' }, false],
  ])('%s', async ([, headers, allowed]) => {
    await using gateway = await start({ corsOrigins: ['https://portal.example'] });
    const asked = province.catalog.seen.length;
    const got = await fetch(`${gateway.url}?query=${encodeURIComponent(ITEMS.query)}`, { headers });
    expect(got.status).toBe(allowed ? 200 : 403);
    expect((await got.text()).includes('ORIGIN_NOT_ALLOWED')).toBe(!allowed);
    expect(got.headers.get('access-control-allow-origin')).toBe(headers['origin'] !== undefined && allowed ? headers['origin'] : null);
    expect(province.catalog.seen.length - asked).toBe(allowed ? 1 : 0);
    expect(
      (await fetch(gateway.url, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body: JSON.stringify(ITEMS) }))
        .status,
    ).toBe(allowed ? 415 : 403);
    expect(await upgrade(gateway.url, headers)).toBe(allowed ? 101 : 403);
  });

  test('a page of the same origin is known by its host', async () => {
    await using gateway = await start({});
    expect((await post(gateway.url, ITEMS, { origin: gateway.origin })).status).toBe(200);
    expect(await upgrade(gateway.url, { origin: gateway.origin })).toBe(101);
  });

  test('are told beforehand whether they may', async () => {
    await using gateway = await start({ corsOrigins: ['https://portal.example'] });
    const ask = (origin: string) =>
      fetch(gateway.url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const allowed = await ask('https://portal.example');
    expect([
      allowed.status,
      allowed.headers.get('access-control-allow-origin'),
      allowed.headers.get('access-control-allow-headers'),
    ]).toEqual([204, 'https://portal.example', 'authorization']);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('every answer', () => {
  test('tells browsers to be careful', async () => {
    await using gateway = await start({});
    for (const path of ['/', '/graphql', '/health/live', '/nothing']) {
      const { headers } = await fetch(`${gateway.origin}${path}`);
      expect(headers.get('x-content-type-options'), path).toBe('nosniff');
      expect(headers.get('x-frame-options'), path).toBe('DENY');
      expect(headers.get('content-security-policy'), path).toContain("default-src 'none'");
      expect(headers.get('strict-transport-security'), path).toBeNull();
      expect(headers.get('x-powered-by'), path).toBeNull();
    }
    expect((await post(gateway.url, ITEMS)).headers.get('cache-control')).toBe('no-store');
    await using production = await start({ production: true });
    expect((await fetch(production.origin)).headers.get('strict-transport-security')).toContain('max-age=');
  });

  test('of the page at / names the address by which it was asked for, and no markup', async () => {
    await using gateway = await start({});
    const page = await (await fetch(gateway.origin)).text();
    expect(page).toContain(gateway.url);
    expect(page).toContain(gateway.url.replace(/^http/, 'ws'));
    await using hidden = await start({ landingPage: false });
    expect((await fetch(hidden.origin)).status).toBe(404);
  });
});

describe('rates', () => {
  test('are held per identity, over HTTP and sockets together', async () => {
    const issuer = await testIssuer();
    await using gateway = await start(
      { rates: { perIdentity: 1, perAddress: 0 } },
      { identity: createClientIdentity({ issuer: ISSUER, audience: AUDIENCE, keys: issuer.keys }) },
    );
    const tokenOf = async (subject: string) => ({ authorization: `Bearer ${await issuer.sign(issuer.claims().setSubject(subject))}` });
    const a = await tokenOf('a');
    const codes: unknown[] = [];
    // one per second and ten in one go, with a second's turn in between at most
    for (let i = 0; i < 14; i++) codes.push((await post(gateway.url, ITEMS, a)).status);
    expect(codes.slice(0, 11)).toEqual(Array(11).fill(200));
    const { status, headers, errors } = await post(gateway.url, ITEMS, a);
    expect([status, errors?.[0]?.extensions['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(errors?.[0]?.extensions['retryAfter']).toBe(Number(headers.get('retry-after')));
    await using client = socketTo(gateway, a);
    await expect(client.iterate(ITEMS).next()).rejects.toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
    const stream = await fetch(gateway.url, {
      method: 'POST',
      headers: { ...a, accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify(ITEMS),
    });
    expect([stream.status, stream.headers.get('retry-after') !== null]).toEqual([429, true]);
    expect((await post(gateway.url, ITEMS, await tokenOf('b'))).status).toBe(200);
  });

  test('are held per address, whoever asks, before a token is looked at', async () => {
    await using gateway = await start({ rates: { perIdentity: 0, perAddress: 1 }, trustedProxies: ['127.0.0.1'] });
    const from = (address: string) => post(gateway.url, ITEMS, { 'x-forwarded-for': address, authorization: 'Bearer x' });
    const seen = [];
    for (let i = 0; i < 14; i++) seen.push((await from('203.0.113.7')).status);
    expect(seen.slice(0, 11)).not.toContain(429);
    expect(seen.at(-1)).toBe(429);
    expect(await upgrade(gateway.url, { 'x-forwarded-for': '203.0.113.7' })).toBe(429);
    expect((await from('203.0.113.8')).status).not.toBe(429);
    // what a client says about itself beyond the proxy does not count
    expect((await from('203.0.113.99, 203.0.113.7')).status).toBe(429);
  });

  test('believe no proxy that is not trusted', async () => {
    await using gateway = await start({ rates: { perIdentity: 0, perAddress: 1 } });
    const seen = [];
    for (let i = 0; i < 14; i++) seen.push((await post(gateway.url, ITEMS, { 'x-forwarded-for': `203.0.113.${i}` })).status);
    expect(seen.at(-1)).toBe(429);
  });

  test.skipIf(!redisAnswers)(`are shared through Redis${redisNote}`, async () => {
    const settings = { perIdentity: 1, perAddress: 0, redisUrl: REDIS_URL };
    await using one = new RateLimits(settings);
    await using two = new RateLimits(settings);
    const who = { subject: `shared-${process.pid}-${performance.now()}`, roles: [] };
    const taken: unknown[] = [];
    for (let i = 0; i < 8; i++)
      for (const limits of [one, two]) taken.push(await limits.by(who).catch((error: { code: string }) => error.code));
    await expect.poll(() => one.shares && two.shares).toBe(true);
    for (let i = 0; i < 8; i++)
      for (const limits of [one, two]) taken.push(await limits.by(who).catch((error: { code: string }) => error.code));
    expect(taken.at(-1)).toBe('RATE_LIMITED');
  });

  test('go on in this process while Redis is lost, and refuse nobody for that', async () => {
    await using limits = new RateLimits({ perIdentity: 1, perAddress: 0, redisUrl: 'redis://127.0.0.1:9' });
    for (let i = 0; i < 11; i++) await limits.by({ subject: 'x', roles: [] });
    const taken = [];
    for (let i = 0; i < 3; i++) taken.push(await limits.by({ subject: 'x', roles: [] }).catch((error: { code: string }) => error.code));
    expect(taken.at(-1)).toBe('RATE_LIMITED');
  });
});

describe('where only trusted documents run', () => {
  const hash = createHash('sha256').update(ITEMS.query).digest('hex');
  const persisted = { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } };
  const SUBSCRIPTION = 'subscription { caseEvents { cursor } }';
  const trusted = new TrustedDocuments([
    [hash, ITEMS.query],
    [createHash('sha256').update(SUBSCRIPTION).digest('hex'), SUBSCRIPTION],
  ]);

  test('they run by id, by hash or as they are, over every transport', async () => {
    await using gateway = await start({ trusted });
    const data = { items: [{ code: 'i1' }, { code: 'i2' }] };
    for (const body of [{ documentId: hash }, { documentId: `sha256:${hash}` }, persisted, ITEMS, { ...ITEMS, ...persisted }])
      expect(await post(gateway.url, body)).toMatchObject({ status: 200, data });
    for (const search of [
      `documentId=${hash}`,
      `extensions=${encodeURIComponent(JSON.stringify(persisted.extensions))}`,
      `query=${encodeURIComponent(ITEMS.query)}`,
    ])
      expect(await (await fetch(`${gateway.url}?${search}`)).json()).toEqual({ data });
    const stream = await fetch(gateway.url, {
      method: 'POST',
      headers: { accept: 'text/event-stream', 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: hash }),
    });
    expect(await stream.text()).toContain('"code":"i1"');
    await using client = socketTo(gateway);
    expect(
      await client
        .iterate({ query: '', ...persisted, documentId: hash } as never)
        .next()
        .catch((errors: unknown) => errors),
    ).toMatchObject([{ extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }]);
    expect((await client.iterate(ITEMS).next()).value).toEqual({ data });
  });

  test('nothing else does, and one can not tell which exist', async () => {
    await using gateway = await start({ trusted });
    const asked = province.catalog.seen.length;
    const answers = new Set<string>();
    for (const body of [
      { query: '{ items { code name } }' },
      { query: `${ITEMS.query} ` },
      { query: '{ __schema { types { name } } }' },
      { documentId: 'f'.repeat(64) },
      { documentId: '__proto__' },
      { extensions: { persistedQuery: { version: 1, sha256Hash: 'constructor' } } },
      { query: '{ items { name } }', ...persisted },
      {},
    ]) {
      const { status, errors } = await post(gateway.url, body);
      answers.add(JSON.stringify([status, errors]));
    }
    expect([...answers]).toEqual([
      JSON.stringify([403, [{ message: 'this gateway runs registered documents only', extensions: { code: 'DOCUMENT_NOT_TRUSTED' } }]]),
    ]);
    expect((await fetch(`${gateway.url}?query=${encodeURIComponent('{ items { name } }')}`)).status).toBe(403);
    await using client = socketTo(gateway);
    await expect(client.iterate({ query: 'subscription { ticks { position } }' }).next()).rejects.toMatchObject([
      { extensions: { code: 'DOCUMENT_NOT_TRUSTED' } },
    ]);
    expect(province.catalog.seen.length).toBe(asked);
  });

  test('manifests of both kinds are read, and one that does not fit stops the start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'trusted-'));
    try {
      const file = join(folder, 'manifest.json');
      const read = async (content: unknown) => {
        await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
        return (await TrustedDocuments.read(file)).size;
      };
      expect(await read({ [hash]: ITEMS.query })).toBe(1);
      expect(
        await read({
          format: 'apollo-persisted-query-manifest',
          version: 1,
          operations: [{ id: hash, name: 'x', type: 'query', body: ITEMS.query }],
        }),
      ).toBe(1);
      for (const bad of ['{', '[]', '{"operations":[{"id":1}]}', { [hash]: 'something else' }, { [hash]: 7 }]) {
        if (bad === '[]') continue;
        await expect(read(bad), JSON.stringify(bad)).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
      }
      await expect(TrustedDocuments.read(join(folder, 'none.json'))).rejects.toThrow('can not be read');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('batches', () => {
  test('are taken where they are allowed, and no longer than allowed', async () => {
    await using gateway = await start({ limits: { batch: 2 } });
    const ask = async (count: number) => {
      const response = await fetch(gateway.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(Array.from({ length: count }, () => ITEMS)),
      });
      return [response.status, await response.json()] as [number, any];
    };
    const [status, answers] = await ask(2);
    expect([status, answers]).toEqual([200, Array.from({ length: 2 }, () => ({ data: { items: [{ code: 'i1' }, { code: 'i2' }] } }))]);
    expect(await ask(3)).toMatchObject([400, { errors: [{ extensions: { code: 'OPERATION_TOO_LARGE', limit: 2 } }] }]);
  });
});

describe('cost', () => {
  test('is told when asked for, and counted in the metrics', async () => {
    await using gateway = await start({ cost: { limit: 15 } });
    const response = await post(gateway.url, ITEMS, { 'x-acceptance-cost': 'report' });
    expect((response as any).extensions).toEqual({ cost: { estimated: 10, limit: 15 } });
    expect((await post(gateway.url, ITEMS)) as any).not.toHaveProperty('extensions');
    const refused = await post(gateway.url, { query: '{ cases { item { code } } }' });
    expect([refused.status, refused.errors?.[0]?.extensions]).toEqual([400, { code: 'COST_LIMIT_EXCEEDED', estimated: 20, limit: 15 }]);
    const metrics = await (await fetch(`${gateway.origin}/metrics`)).text();
    expect(metrics).toContain('acceptance_operation_cost_count 3');
  });
});

describe('readiness', () => {
  test('depends on the required subgraphs, and not on one answer that is lost', async () => {
    const own = await startProvince();
    await using province = own;
    await using gateway = await startTestGateway(province.document(), { required: { everyMs: 20 }, fetching: { timeoutMs: 500 } });
    const ready = async () => {
      const response = await fetch(`${gateway.origin}/health/ready`);
      return [response.status, ((await response.json()) as { subgraphsDown: string[] }).subgraphsDown];
    };
    await expect.poll(() => province.catalog.seen.length).toBeGreaterThan(2);
    expect(await ready()).toEqual([200, []]);
    // departments may be down
    province.drug.behaviour = 'reset';
    province.catalog.behaviour = 'reset';
    await expect.poll(ready).toEqual([503, ['catalog']]);
    province.catalog.behaviour = 'answer';
    await expect.poll(ready).toEqual([200, []]);
  });
});
