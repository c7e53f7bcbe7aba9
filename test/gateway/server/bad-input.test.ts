import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningGateway } from '../../../gateway/server/start-gateway.js';
import { CATALOGUE } from '../../../subgraphs/kit/errors/catalogue.js';
import { startProvince } from './small-province.js';
import { type Answer, post, startTestGateway } from './test-gateway.js';

const stack = new AsyncDisposableStack();
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = stack.use(await startTestGateway(stack.use(await startProvince()).document()));
});
afterAll(() => stack.disposeAsync());

function expectRefusal({ status, errors, data }: Answer, expectedStatus: number, code: string) {
  expect({ status, code: errors?.[0]?.extensions['code'], data }).toEqual({ status: expectedStatus, code, data: undefined });
  expect(code in CATALOGUE).toBe(true);
  for (const { message, extensions } of errors ?? []) {
    expect(message.length).toBeGreaterThan(0);
    expect(JSON.stringify({ message, extensions })).not.toMatch(/\bat .*\.(js|ts)\b|node_modules|stacktrace/);
  }
}

describe('a request that is no good', () => {
  const deep = (levels: number) => `${'{a'.repeat(levels)}${'}'.repeat(levels)}`;
  const cases: [what: string, body: unknown, status: number, code: string, headers?: Record<string, string>][] = [
    ['JSON that is cut off', '{"query": "{ items', 400, 'BAD_REQUEST'],
    ['an empty body', '', 400, 'BAD_REQUEST'],
    ['JSON that is no object', '[1]', 400, 'BAD_REQUEST'],
    ['JSON null', 'null', 400, 'BAD_REQUEST'],
    ['a body that is not UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), 400, 'BAD_REQUEST'],
    ['another content type', 'query={items}', 415, 'BAD_REQUEST', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another charset', '{}', 415, 'BAD_REQUEST', { 'content-type': 'application/json; charset=gb18030' }],
    ['a content type that only begins alike', '{}', 415, 'BAD_REQUEST', { 'content-type': 'application/json-patch' }],
    ['a compressed body', '{}', 415, 'BAD_REQUEST', { 'content-encoding': 'gzip' }],
    ['no query', { variables: {} }, 400, 'BAD_REQUEST'],
    ['a query that is no string', { query: 1 }, 400, 'BAD_REQUEST'],
    ['variables that are no object', { query: '{ items { code } }', variables: 'x' }, 400, 'BAD_REQUEST'],
    ['a batch', [{ query: '{ items { code } }' }], 400, 'BAD_REQUEST'],
    ['an accept header nobody can serve', { query: '{ items { code } }' }, 406, 'BAD_REQUEST', { accept: 'image/png' }],
    ['a syntax error', { query: '{ items {' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown operation name', { query: 'query A { items { code } }', operationName: 'B' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['two operations and no name', { query: 'query A { items { code } } query B { items { code } }' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    ['a document without an operation', { query: 'fragment F on Item { code }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable of the wrong type',
      { query: 'query($c: ID!) { item(code: $c) { name } }', variables: { c: { a: 1 } } },
      400,
      'BAD_USER_INPUT',
    ],
    ['a variable that is missing', { query: 'query($c: ID!) { item(code: $c) { name } }' }, 400, 'BAD_USER_INPUT'],
    ['a subscription', { query: 'subscription { ticks { position } }' }, 400, 'BAD_REQUEST'],
    ['an unknown persisted query', { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }, 200, 'PERSISTED_QUERY_NOT_FOUND'],
    ['a persisted query of another version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'x' } } }, 400, 'BAD_REQUEST'],
    [
      'a persisted query under a false hash',
      { query: '{ items { code } }', extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } },
      400,
      'BAD_REQUEST',
    ],
    ['10,000 nested braces', { query: deep(10_000) }, 400, 'OPERATION_TOO_LARGE'],
    ['10,000 opening brackets', { query: `{ items(a: ${'['.repeat(10_000)}` }, 400, 'OPERATION_TOO_LARGE'],
    ['nesting behind a quote that is never closed', { query: `{ a(b: "\n${'{a'.repeat(10_000)}` }, 400, 'OPERATION_TOO_LARGE'],
    ['variables nested 100,000 deep', `{"query":"{ items { code } }","variables":{"a":${'['.repeat(100_000)}`, 400, 'OPERATION_TOO_LARGE'],
    ['a flood of tokens', { query: `{ ${'items { code } '.repeat(10_000)} }` }, 400, 'OPERATION_TOO_LARGE'],
    ['a body of 2 MB', { query: `{ items { code } } #${'x'.repeat(2 * 1_048_576)}` }, 413, 'PAYLOAD_TOO_LARGE'],
  ];
  test.for(cases)('%s', async ([, body, status, code, headers]) => {
    expectRefusal(await post(gateway.url, body, headers), status, code);
  });

  test('a chain of fragments as long as the token limit allows is answered, one way or the other', async () => {
    const chain = Array.from({ length: 700 }, (_, i) => `fragment F${i} on Item { ${i < 699 ? `...F${i + 1}` : 'code'} }`).join(' ');
    const { status, errors } = await post(gateway.url, { query: `{ items { ...F0 } } ${chain}` });
    expect(status).toBeLessThan(500);
    for (const { extensions } of errors ?? []) expect(extensions['code'] in CATALOGUE).toBe(true);
  });

  test('as many equal fields as the token limit allows do not keep others waiting', async () => {
    const started = performance.now();
    const { status } = await post(gateway.url, { query: `{ items { ${'code '.repeat(4_900)} } }` });
    expect(status).toBeLessThan(500);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test.for(['application/json', 'text/event-stream', 'multipart/mixed;subscriptionSpec="1.0"'])(
    'a mutation over GET is refused and not run, whoever reads %s',
    async (accept) => {
      const query = encodeURIComponent('mutation { rename(code: "i1", name: "x") { name } }');
      const response = await fetch(`${gateway.url}?query=${query}`, { headers: { accept, 'apollo-require-preflight': '1' } });
      expect(response.headers.get('allow')).toBe('POST');
      expectRefusal({ status: response.status, headers: response.headers, ...((await response.json()) as object) }, 405, 'BAD_REQUEST');
      expect((await post(gateway.url, { query: '{ item(code: "i1") { name } }' })).data.item.name).not.toBe('x');
    },
  );

  test.for([
    ['GET', '/nothing', 404, 'NOT_FOUND'],
    ['POST', '/graphql/more', 404, 'NOT_FOUND'],
    ['DELETE', '/graphql', 405, 'BAD_REQUEST'],
    ['GET', '/%zz', 400, 'BAD_REQUEST'],
  ] as const)('%s %s', async ([method, path, status, code]) => {
    const response = await fetch(`${gateway.origin}${path}`, { method });
    expectRefusal({ status: response.status, headers: response.headers, ...((await response.json()) as object) }, status, code);
  });

  test('bytes that are no HTTP at all', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    socket.write('hello\r\n\r\n');
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    await once(socket, 'close');
    expect(received).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(JSON.parse(received.slice(received.indexOf('{'))).errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});

describe('a gateway that starts', () => {
  test('says so when its port is taken', async () => {
    const province = stack.use(await startProvince());
    const start = startTestGateway(province.document(), { port: Number(new URL(gateway.url).port) });
    await expect(start).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('another process has that port'),
    });
  });

  test('gives up a request that never arrives in full', async () => {
    const province = stack.use(await startProvince());
    await using impatient = await startTestGateway(province.document(), { requestTimeoutMs: 300 });
    const { hostname, port } = new URL(impatient.url);
    const socket = connect(Number(port), hostname);
    socket.write('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query"');
    let received = '';
    socket.on('data', (data) => {
      received += data.toString();
    });
    await once(socket, 'close');
    expect(received).toMatch(/^HTTP\/1.1 408 /);
    expect(JSON.parse(received.slice(received.indexOf('{'))).errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});

describe('a request that is good', () => {
  test('is answered over POST and GET, with its request id', async () => {
    const query = '{ item(code: "i2") { name } }';
    const posted = await post(gateway.url, { query }, { 'x-request-id': 'r-1' });
    expect(posted).toMatchObject({ status: 200, data: { item: { name: '道路运输许可' } } });
    expect(posted.headers.get('x-request-id')).toBe('r-1');
    const got = await fetch(`${gateway.url}?query=${encodeURIComponent(query)}`);
    expect(await got.json()).toEqual({ data: posted.data });
    expect(got.headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
  });

  test('brackets in strings and comments are not counted as nesting', async () => {
    const query = `{ item(code: """${'{'.repeat(500)} \\""" ${'['.repeat(500)}""") { name } } # ${'('.repeat(500)}`;
    expect(await post(gateway.url, { query })).toMatchObject({ status: 200, data: { item: null } });
  });

  test('the page at / says how to ask', async () => {
    const response = await fetch(gateway.origin);
    const html = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('统一受理图');
    expect(html).toContain('graphql-transport-ws');
    expect(html).not.toMatch(/(src|href)="https?:/);
  });

  test('what a subgraph reports without a code is told without its insides', async () => {
    const { status, data, errors } = await post(gateway.url, { query: '{ broken items { code } }' });
    expect(status).toBe(200);
    expect(data).toEqual({ broken: null, items: [{ code: 'i1' }, { code: 'i2' }] });
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.path).toEqual(['broken']);
    expect(errors?.[0]?.extensions).not.toHaveProperty('stacktrace');
    expect(Object.keys(CATALOGUE)).toContain(errors?.[0]?.extensions['code']);
  });
});
