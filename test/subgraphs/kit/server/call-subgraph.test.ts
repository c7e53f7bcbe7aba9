import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { callSubgraph, SubgraphCallFailed } from '../../../../subgraphs/kit/server/call-subgraph.js';

async function answering(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const call = (url: string, more = {}) =>
  callSubgraph<{ x: number }>({ url, authorization: 'Bearer secret-token', query: '{ x }', requestId: 'r-1', ...more });

async function failure(answer: Promise<unknown>): Promise<SubgraphCallFailed> {
  const reason: unknown = await answer.catch((error: unknown) => error);
  expect(reason).toBeInstanceOf(SubgraphCallFailed);
  // neither the address nor the token may reach a client or a log
  expect(`${(reason as Error).stack}${JSON.stringify(reason)}${String((reason as Error).cause)}`).not.toMatch(/127\.0\.0\.1|secret/);
  return reason as SubgraphCallFailed;
}

test('gives the data, and passes identity and request id on', async () => {
  const seen: unknown[] = [];
  await using server = await answering((request, response) => {
    seen.push(request.headers.authorization, request.headers['x-request-id']);
    response.end(JSON.stringify({ data: { x: 1 } }));
  });
  expect(await call(server.url)).toEqual({ x: 1 });
  expect(seen).toEqual(['Bearer secret-token', 'r-1']);
});

test.each([
  [
    'a refusal keeps its code and is final',
    400,
    '{"errors":[{"message":"no","extensions":{"code":"FORBIDDEN","problems":[1]}}]}',
    'FORBIDDEN',
    false,
  ],
  [
    'data beside an error is no answer',
    200,
    '{"data":{"x":1},"errors":[{"message":"no","extensions":{"code":"NOT_FOUND"}}]}',
    'NOT_FOUND',
    false,
  ],
  ['an error without a code is a fault', 200, '{"errors":[{"message":"no"}]}', 'INTERNAL_SERVER_ERROR', true],
  ['a proxy in between', 502, '<html>Bad Gateway</html>', 'SUBGRAPH_UNAVAILABLE', true],
  ['an answer without data', 200, '{"data":null}', 'SUBGRAPH_UNAVAILABLE', true],
  ['an answer that is no object', 200, 'null', 'SUBGRAPH_UNAVAILABLE', true],
])('%s', async (_name, status, body, code, transient) => {
  await using server = await answering((_request, response) => response.writeHead(status).end(body));
  expect(await failure(call(server.url))).toMatchObject({ code, transient });
});

test('a redirect is not followed', async () => {
  await using server = await answering((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
  expect(await failure(call(server.url))).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' });
});

test('an endless answer is cut off', async () => {
  await using server = await answering((_request, response) => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const more = () => {
      while (response.write(chunk));
      response.once('drain', more);
    };
    more();
  });
  expect((await failure(call(server.url))).message).toMatch(/larger than/);
});

test('silence ends at the timeout, nobody at the door at once', async () => {
  let url: string;
  {
    await using server = await answering(() => {});
    url = server.url;
    expect((await failure(call(url, { timeout: 50 }))).message).toBe('no answer (within 50 ms)');
    const stop = new AbortController();
    const stopped = failure(call(url, { signal: stop.signal }));
    stop.abort();
    expect((await stopped).code).toBe('SUBGRAPH_UNAVAILABLE');
  }
  expect((await failure(call(url))).message).toBe('no answer (ECONNREFUSED)');
});
