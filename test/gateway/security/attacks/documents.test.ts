import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { post } from '../../server/test-gateway.js';
import { TRANSPORTS } from '../transports.js';
import { raw, startVictim, type Victim } from './victim.js';

const MEGABYTE = 1_048_576;
const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, index) => text(index)).join(' ');

const stack = new AsyncDisposableStack();
let victim: Victim;
beforeAll(async () => {
  victim = stack.use(await startVictim({ GATEWAY_REQUEST_TIMEOUT_MS: '5000' }));
});
afterAll(() => stack.disposeAsync());
// whatever was tried, it answers on, and nothing of it was an accident
afterEach(async () => {
  expect(await victim.isAlive()).toBe(true);
  expect((await post(victim.url, { query: '{ node { id } }' })).data).toEqual({ node: { id: '1' } });
  expect(victim.log.filter((line) => line.includes('unexpected'))).toEqual([]);
});

/** How a request is refused: status and code; the subgraph must not have been asked. */
async function refusal(body: unknown, headers?: Record<string, string>): Promise<[number, unknown]> {
  const asked = victim.subgraph.seen.length;
  const started = performance.now();
  const { status, errors, data } = await post(victim.url, body, headers);
  expect(data ?? null).toBeNull();
  expect(victim.subgraph.seen.length).toBe(asked);
  expect(performance.now() - started).toBeLessThan(4_000);
  return [status, errors?.[0]?.extensions['code']];
}
const TOO_LARGE = [400, 'OPERATION_TOO_LARGE'];
const INVALID = [400, 'GRAPHQL_VALIDATION_FAILED'];

describe('a document made to exhaust', () => {
  test.for<[attack: string, query: string, answer: unknown[]]>([
    ['alias bomb', `{ ${times(1_000, (i) => `a${i}: node { id }`)} }`, TOO_LARGE],
    ['alias bomb below the root', `{ node { ${times(500, (i) => `a${i}: child { id }`)} } }`, TOO_LARGE],
    ['root field bomb', `{ ${times(200, () => 'node { id }')} }`, TOO_LARGE],
    [
      'fragment bomb: each spreads the next one twice',
      `{ node { ...F0 } } ${times(60, (i) => `fragment F${i} on Node { ...F${i + 1} ...F${i + 1} }`)} fragment F60 on Node { id }`,
      TOO_LARGE,
    ],
    [
      'fragment bomb through nested fields',
      `{ node { ...F0 } } ${times(20, (i) => `fragment F${i} on Node { a: child { ...F${i + 1} } b: child { ...F${i + 1} } }`)} fragment F20 on Node { id }`,
      TOO_LARGE,
    ],
    ['fragment that spreads itself', '{ node { ...F } } fragment F on Node { id child { ...F } }', INVALID],
    [
      'fragments that spread each other',
      '{ node { ...A } } fragment A on Node { id ...B } fragment B on Node { name ...C } fragment C on Node { ...A }',
      INVALID,
    ],
    ['deep recursion', `{ node ${'{ child '.repeat(60)} { id } ${'}'.repeat(60)} }`, TOO_LARGE],
    [
      'deep recursion through fragments',
      `{ node { ...F0 } } ${times(50, (i) => `fragment F${i} on Node { child { ...F${i + 1} } }`)} fragment F50 on Node { id }`,
      TOO_LARGE,
    ],
    ['100,000 opening braces', '{'.repeat(100_000), TOO_LARGE],
    ['100,000 opening brackets in a value', `{ echo(value: ${'['.repeat(100_000)}`, TOO_LARGE],
    ['token flood', `{ ${'node '.repeat(12_000)} }`, TOO_LARGE],
    ['comment flood', `{ node { id } } #${'x'.repeat(500_000)}`, TOO_LARGE],
    ['directive bomb', `{ node { id ${'@skip(if: false) '.repeat(1_000)} } }`, TOO_LARGE],
    ['directives nobody knows', `{ node { id ${'@x '.repeat(100)} } }`, INVALID],
    ['list bomb in the document', `{ nodes(ids: [${times(2_000, (i) => `${i}`)}]) { id } }`, TOO_LARGE],
    ['list of a thousand million', '{ nodes(first: 1000000000) { id } }', [400, 'COST_LIMIT_EXCEEDED']],
    ['lists of lists of lists', '{ nodes(first: 100) { children { children { children { id } } } } }', [400, 'COST_LIMIT_EXCEEDED']],
    ['variable flood', `query (${times(500, (i) => `$v${i}: Int`)}) { node { id } }`, TOO_LARGE],
    ['a hundred operations in one document', times(100, (i) => `query Q${i} { node { id } }`), [400, 'OPERATION_RESOLUTION_FAILURE']],
  ])('%s', async ([, query, answer]) => {
    expect(await refusal({ query })).toEqual(answer);
  });

  test('introspection that asks for everything of everything', async () => {
    await using open = await startVictim({ GATEWAY_INTROSPECTION: 'on' });
    const levels = 8;
    const query = `{ __schema { types { ${'fields { type { '.repeat(levels)} name ${'} }'.repeat(levels)} } } }`;
    const { status, errors } = await post(open.url, { query });
    expect([status, errors?.[0]?.extensions['code']]).toEqual(INVALID);
    expect((await post(open.url, { query: '{ __schema { types { fields { type { name } } } } }' })).status).toBe(200);
  });

  test('a thousand overlapping fields do not keep others waiting', async () => {
    const query = `{ node { ${times(1_200, () => 'name id child { id }')} } }`;
    const started = performance.now();
    const slow = post(victim.url, { query });
    await post(victim.url, { query: '{ node { name } }' });
    await slow;
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('thousands of large documents, each another, leave memory bounded', async () => {
    const padding = `# ${'x'.repeat(40_000)}`;
    const flood = async (from: number, count: number) => {
      for (let i = from; i < from + count; i += 20)
        await Promise.all(Array.from({ length: 20 }, (_, j) => post(victim.url, { query: `{ a${i + j}: node { id } } ${padding}` })));
    };
    await flood(0, 1_200);
    const before = await victim.memory();
    await flood(1_200, 1_200);
    expect((await victim.memory()) - before).toBeLessThan(150 * MEGABYTE);
    expect(await victim.memory()).toBeLessThan(900 * MEGABYTE);
  }, 120_000);
});

describe('variables made to exhaust', () => {
  const query = 'query ($v: Json) { echo(value: $v) }';
  test.for<[attack: string, body: unknown, answer: unknown[]]>([
    ['a list of 100,000', { query, variables: { v: Array(100_000).fill(1) } }, TOO_LARGE],
    ['nesting', { query, variables: { v: Array.from({ length: 60 }).reduce((inner) => [inner], 1) } }, TOO_LARGE],
    [
      'nesting no parser could follow',
      `{"query":${JSON.stringify(query)},"variables":{"v":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
      TOO_LARGE,
    ],
    [
      'variables nobody asked for',
      { query, variables: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`x${i}`, i])) },
      TOO_LARGE,
    ],
    ['many values in small lists', { query, variables: { v: Array.from({ length: 500 }, () => Array(50).fill(1)) } }, TOO_LARGE],
    ['a batch', Array.from({ length: 1_000 }, () => ({ query: '{ node { id } }' })), [400, 'BAD_REQUEST']],
    ['a body of two megabytes', { query, variables: { v: 'x'.repeat(2 * MEGABYTE) } }, [413, 'PAYLOAD_TOO_LARGE']],
  ])('%s', async ([, body, answer]) => {
    // what is refused is not read on, so a client that is still sending may find the connection closed before it reads why
    const again = () => refusal(body);
    expect(await again().catch(again).catch(again)).toEqual(answer);
  });

  test('a body that does not say how long it is ends where it may be no longer', async () => {
    const { socket, answer } = raw(
      victim,
      'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    const chunk = 'x'.repeat(65_536);
    for (let i = 0; i < 40 && !socket.destroyed; i++) socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
    expect(await answer).toMatch(/^HTTP\/1\.1 413 |^$/);
  });

  test('a compressed body is not unpacked', async () => {
    expect(await refusal('{}', { 'content-encoding': 'gzip' })).toEqual([415, 'BAD_REQUEST']);
  });
});

describe('names out of the prototype', () => {
  const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

  test('as aliases are names like others', async () => {
    const query = `{ node { ${NAMES.map((name) => `${name}: name`).join(' ')} } }`;
    const response = await fetch(victim.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    for (const name of NAMES) expect(text).toContain(`"${name}":"n"`);
  });

  test('as variables, in values, in extensions and beside the query change nothing', async () => {
    for (const name of NAMES) {
      const evil = `{"${name}":{"polluted":true,"isAdmin":true},"x":1}`;
      for (const body of [
        `{"query":"query ($${name}: Json) { echo(value: $${name}) }","variables":${evil}}`,
        `{"query":"query ($v: Json) { echo(value: $v) }","variables":{"v":${evil}}}`,
        `{"query":"{ node { id } }","extensions":${evil}}`,
        `{"query":"{ node { id } }","${name}":{"polluted":true}}`,
        `{"query":"{ node { id } }","operationName":"${name}"}`,
      ]) {
        const { status } = await post(victim.url, body);
        expect(status, body).toBeLessThan(500);
      }
    }
    const { data } = await post(victim.url, { query: '{ node { polluted: name isAdmin: id } }' });
    expect(data).toEqual({ node: { polluted: 'n', isAdmin: '1' } });
    const plain = await post(victim.url, { query: 'query ($v: Json) { echo(value: $v) }', variables: { v: {} } });
    expect(JSON.stringify(plain.data)).toBe('{"echo":{}}');
  });
});

describe('bytes that are no text, and text that is no request', () => {
  const bytes = (...values: number[]) => new Uint8Array([...Buffer.from('{"query":"{ node { id } } #'), ...values, ...Buffer.from('"}')]);
  test.for<[attack: string, body: unknown]>([
    ['a lone continuation byte', bytes(0x80)],
    ['an overlong encoding', bytes(0xc0, 0xaf)],
    ['a surrogate in UTF-8', bytes(0xed, 0xa0, 0x80)],
    ['a sequence that is cut off', bytes(0xe4, 0xb8)],
    ['a code point beyond Unicode', bytes(0xf5, 0x80, 0x80, 0x80)],
    ['UTF-16', new Uint8Array(Buffer.from('{"query":"{ node { id } }"}', 'utf16le'))],
    ['JSON that is cut off', '{"query":"{ node'],
    ['JSON with a comma too many', '{"query":"{ node { id } }",}'],
    ['JSON with a name twice and no text', '{"query":"{ node { id } }","query":7}'],
    ['no JSON', 'query={node{id}}'],
    ['JSON that is no object', '"{ node { id } }"'],
    ['nothing', ''],
    ['NUL bytes', '\0\0\0\0'],
  ])('%s', async ([, body]) => {
    expect(await refusal(body)).toEqual([400, 'BAD_REQUEST']);
  });

  test('a lone surrogate in JSON is passed on as a value or refused, and breaks nothing', async () => {
    expect((await post(victim.url, '{"query":"query ($v: Json) { echo(value: $v) }","variables":{"v":"\\ud800"}}')).status).toBeLessThan(
      500,
    );
  });

  test.for<[attack: string, head: string]>([
    ['two lengths', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello'],
    ['a length and chunks', 'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a header without an end', 'GET / HTTP/1.1\r\nhost: x\r\nx y z\r\n\r\n'],
    ['a method nobody knows', 'FETCH /graphql HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['no host at all', 'GET /graphql HTTP/1.1\r\n\r\n'],
  ])('HTTP with %s is refused', async ([, head]) => {
    expect(await raw(victim, head).answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('headers that are too large are refused', async () => {
    expect(await raw(victim, `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(100_000)}\r\n\r\n`).answer).toMatch(/^HTTP\/1\.1 431 |^$/);
  });

  test('a host that is none breaks nothing', async () => {
    for (const host of ['<script>', '\u0001', 'a b', '[::1', ']']) {
      const answer = await raw(victim, `GET /graphql?query=%7Bnode%7Bid%7D%7D HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`)
        .answer;
      expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
    }
  });
});

describe('a change', () => {
  const mutation = 'mutation { change(to: "x") }';
  test('is not made by GET, however it is asked', async () => {
    for (const accept of [
      'application/json',
      'application/graphql-response+json',
      'text/event-stream',
      'multipart/mixed;subscriptionSpec="1.0"',
    ])
      for (const method of ['GET', 'HEAD']) {
        const response = await fetch(`${victim.url}?query=${encodeURIComponent(mutation)}`, { method, headers: { accept } });
        expect(method === 'GET' ? [405] : [400, 404, 405], `${method} ${accept}`).toContain(response.status);
      }
    const named = encodeURIComponent(`query Q { node { id } } ${mutation.replace('mutation', 'mutation M')}`);
    expect((await fetch(`${victim.url}?query=${named}&operationName=M`)).status).toBe(405);
    expect(victim.changes).toEqual([]);
  });

  test('is not made by a form', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain'])
      expect(
        (await fetch(victim.url, { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify({ query: mutation }) })).status,
      ).toBe(415);
    expect(victim.changes).toEqual([]);
  });
});

describe('who probes', () => {
  test.for(TRANSPORTS)('for the schema gets nothing of it in production, over %s', async ([, ask]) => {
    for (const query of [
      '{ __schema { types { name } } }',
      '{ __type(name: "Node") { fields { name } } }',
      '{ node { id } ...F } fragment F on Query { __schema { queryType { name } } }',
    ]) {
      const { text } = await ask(victim.url, '', query);
      expect(text).not.toContain('"Node"');
      expect(text).not.toContain('"queryType"');
      expect(text).toContain('GRAPHQL_VALIDATION_FAILED');
    }
  });

  test.for(TRANSPORTS)('with names that are nearly right is not told the right ones, over %s', async ([, ask]) => {
    for (const query of [
      '{ nod { id } }',
      '{ node { idd } }',
      '{ nodes(fist: 1) { id } }',
      '{ nodes(level: LO) { id } }',
      '{ node { ... on Nod { id } } }',
      'subscription { tick }',
      'query ($x: Levl) { node { id } }',
    ]) {
      const { text } = await ask(victim.url, '', query);
      expect(text, query).toContain('GRAPHQL_VALIDATION_FAILED');
      expect(text, query).not.toMatch(/did you mean/i);
    }
  });

  test('with a value that is nearly right is not told the right one', async () => {
    const { errors } = await post(victim.url, { query: 'query ($l: Level) { nodes(level: $l) { id } }', variables: { l: 'LO' } });
    expect(errors?.[0]?.extensions['code']).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).not.toMatch(/did you mean|LOW/i);
  });

  test('for what is hidden gets the answer for what is not there', async () => {
    const answer = async (field: string) =>
      JSON.stringify((await post(victim.url, { query: `{ ${field} }` })).errors).replaceAll(field, '…');
    expect(await answer('hidden')).toBe(await answer('nosuch'));
    expect(await answer('_entities')).toBe(await answer('nothing_'));
    expect(await answer('_service')).toBe(await answer('nothing1'));
  });

  test('for files and addresses gets the answer for what is not there', async () => {
    const answers = new Set<string>();
    for (const path of ['/.env', '/admin', '/graphql/../package.json', '/%2e%2e/package.json', '/health', '/nothing']) {
      const response = await fetch(`${victim.origin}${path}`);
      answers.add(`${response.status} ${await response.text()}`);
    }
    expect([...answers]).toHaveLength(1);
  });

  test("with a query stored under another one's hash stores nothing", async () => {
    const sha256Hash = 'a'.repeat(64);
    const persisted = { persistedQuery: { version: 1, sha256Hash } };
    expect(await refusal({ query: '{ node { id } }', extensions: persisted })).toEqual([400, 'BAD_REQUEST']);
    expect(await refusal({ extensions: persisted })).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  });
});
