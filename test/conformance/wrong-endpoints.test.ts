import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { type ConformanceOptions, type ConformanceReport, runConformance } from '../../schema/conformance/index.js';

/** Milliseconds. */
const TIMEOUT = 400;

interface Running extends AsyncDisposable {
  readonly url: string;
}

async function listening(server: Server | TcpServer): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const serving = (listener: RequestListener) => listening(createServer(listener));

function ask(url: string, more: Partial<ConformanceOptions> = {}): Promise<ConformanceReport> {
  return runConformance({ code: 'archives', url, authorization: async () => 'Bearer secret.internal.token', ...more });
}

/** The one check that everything builds on failed, and the others were left. */
function expectUnreachable({ passed, results }: ConformanceReport, reason: RegExp): void {
  expect(passed).toBe(false);
  const [first, ...others] = results;
  expect(first).toMatchObject({ id: 'endpoint.answers', outcome: 'failed' });
  expect(first?.reason).toMatch(reason);
  expect(new Set(others.map(({ outcome }) => outcome))).toEqual(new Set(['not-run']));
}

test('an endpoint that is down', async () => {
  const { url } = await (async () => {
    await using gone = await serving(() => undefined);
    return gone;
  })();
  expectUnreachable(await ask(url), /^nothing listens at the address \(ECONNREFUSED\)$/);
});

test('an endpoint that accepts and never answers is given up within the timeout', async () => {
  await using hanging = await listening(createTcpServer());
  const report = await ask(hanging.url, { timeoutMs: TIMEOUT });
  expectUnreachable(report, /^no whole answer came within 400 ms$/);
  expect(report.results[0]?.outOfTime).toBe(true);
  // one timeout for all checks, since what builds on the first is not run
  const waited = report.results.reduce((sum, { durationMs }) => sum + durationMs, 0);
  expect(waited).toBeLessThan(TIMEOUT * 5);
});

test('an endpoint that begins an answer and never ends it', async () => {
  await using dripping = await serving((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"data":');
  });
  expectUnreachable(await ask(dripping.url, { timeoutMs: TIMEOUT }), /^no whole answer came within 400 ms$/);
});

test('an endpoint that answers HTML', async () => {
  await using page = await serving((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>Welcome</title>');
  });
  expectUnreachable(await ask(page.url), /^the answer is an HTML page \(HTTP 200\), not JSON$/);
});

test.for([
  ['a JSON that is no GraphQL answer', '{"status":"ok"}', /neither data nor errors/],
  ['a text', 'OK', /no JSON object \(HTTP 200, text\/plain\)/],
  ['nothing', '', /no JSON object/],
  ['a list', '[]', /no JSON object/],
  ['errors that are no list', '{"errors":"no"}', /no list of errors/],
  ['another root', '{"data":{"__typename":"RootQuery"}}', /another name/],
] as const)('an endpoint that answers %s', async ([, text, reason]) => {
  await using odd = await serving((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end(text);
  });
  expectUnreachable(await ask(odd.url), reason);
});

test('an endpoint that redirects is not followed with a token', async () => {
  let followed = false;
  await using elsewhere = await serving((_request, response) => {
    followed = true;
    response.end();
  });
  await using redirecting = await serving((_request, response) => {
    response.writeHead(307, { location: elsewhere.url });
    response.end();
  });
  expectUnreachable(await ask(redirecting.url), /redirect/);
  expect(followed).toBe(false);
});

test('TLS to what speaks none, no URL, an unknown host', async () => {
  await using plain = await serving((_request, response) => response.end());
  expectUnreachable(await ask(plain.url.replace('http:', 'https:')), /^the TLS connection failed \(ERR_SSL/);
  expectUnreachable(await ask('not a URL'), /^the address is no URL$/);
  expectUnreachable(await ask('http://department.invalid/graphql'), /^the host name (is unknown|could not be looked up)/);
});

test('another GraphQL service', async () => {
  await using other = await serving(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const typename = text === JSON.stringify({ query: '{ __typename }', variables: {} });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(typename ? { data: { __typename: 'Query' } } : { errors: [{ message: 'Cannot query field' }] }));
  });
  const { passed, results } = await ask(other.url);
  expect(passed).toBe(false);
  const outcomes = new Map(results.map(({ id, outcome }) => [id, outcome]));
  expect(outcomes.get('endpoint.answers')).toBe('passed');
  expect(outcomes.get('sdl.service')).toBe('failed');
  expect(outcomes.get('sockets.opens')).toBe('failed');
  for (const id of ['sdl.contract', 'items.declared', 'tokens.none', 'receive.accepts', 'moves.life', 'feed.live'])
    expect(outcomes.get(id), id).toBe('not-run');
});

test('no token can be made', async () => {
  await using any = await serving((_request, response) => response.end());
  const report = await ask(any.url, { authorization: async () => Promise.reject(new Error('the key is in /secret')) });
  expectUnreachable(report, /no internal token could be made/);
  expect(JSON.stringify(report)).not.toContain('/secret');
});

test('sockets that never shake hands are given up within the timeout', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"data":{"__typename":"Query"}}');
  });
  server.on('upgrade', () => undefined);
  await using half = await listening(server);
  const report = await ask(half.url, { timeoutMs: TIMEOUT, checks: ['sockets.ping'] });
  expect(report.results).toMatchObject([
    { id: 'endpoint.answers', outcome: 'passed' },
    { id: 'sockets.opens', outcome: 'failed', reason: `the WebSocket handshake took longer than ${TIMEOUT} ms` },
    { id: 'sockets.ping', outcome: 'not-run' },
  ]);
});

test('a socket that talks nonsense', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"data":{"__typename":"Query"}}');
  });
  await using babbling = await listening(server);
  new WebSocketServer({ server }).on('connection', (socket) => {
    for (const text of ['null', '[]', '1', '{"type":5}', 'connection_ack', '{}', '{"type":"next"}']) socket.send(text);
    socket.close(4000, 'no more');
  });
  const { results } = await ask(babbling.url, { checks: ['sockets.opens'] });
  expect(results.at(-1)).toMatchObject({
    id: 'sockets.opens',
    outcome: 'failed',
    reason: 'the socket closed with 4000 before connection_ack',
  });
});
