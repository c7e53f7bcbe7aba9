import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runConformance } from '../../schema/conformance/index.js';

/** Answers every root field with the same value, whatever its type should be. */
async function oddEndpoint(value: unknown): Promise<AsyncDisposable & { url: string }> {
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const root = /[{)] ?(?:\{ ?)?(\w+)/.exec(text.replace(/^\{"query":"[^{]*/, ''))?.[1] ?? '__typename';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: { [root]: root === '__typename' ? 'Query' : value } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const shaped = fc.oneof(
  fc.jsonValue(),
  fc.record({ sdl: fc.string() }),
  fc.array(fc.record({ code: fc.jsonValue(), guide: fc.jsonValue() })),
);

test('whatever a service answers, there is a report', async () => {
  await fc.assert(
    fc.asyncProperty(shaped, async (value) => {
      await using odd = await oddEndpoint(value);
      const report = await runConformance({ code: 'archives', url: odd.url, authorization: async () => 'Bearer a.b.c' });
      expect(report.results[0]?.outcome).toBe('passed');
      expect(report.passed).toBe(false);
    }),
    { numRuns: 25 },
  );
});
