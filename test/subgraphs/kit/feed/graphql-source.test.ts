import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { FeedSourceError, graphqlSource } from '../../../../subgraphs/kit/feed/graphql-source.js';

/** An address at which nobody answers any more. */
async function deserted(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `ws://127.0.0.1:${port}/graphql`;
}

const sourceAt = (url: string) =>
  graphqlSource({ name: 'drug', url: () => url, query: 'subscription { x }', authorization: async () => 'Bearer x' });

test('nobody at the door is one failure, told without the address, and no rejection beside it', async () => {
  const stray: unknown[] = [];
  const note = (reason: unknown) => stray.push(reason);
  process.on('unhandledRejection', note);
  try {
    const stream = sourceAt(await deserted()).open(undefined);
    const failure: unknown = await stream.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(FeedSourceError);
    expect((failure as Error).message).toBe('drug: the connection failed');
    // one that is left before the connection failed
    const left = sourceAt(await deserted()).open(undefined);
    const waiting = left.next().catch((error: unknown) => error);
    await left.return?.();
    await waiting;
    await new Promise((resolve) => setImmediate(resolve));
    expect(stray).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
