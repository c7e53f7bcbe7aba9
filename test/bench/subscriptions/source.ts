import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { answer } from './child.js';
import { CATALOG, LEDGER } from './graph.js';

interface BenchEvent {
  cursor: string;
  number: number;
  sentAt: number;
  text: string;
  item: { code: string };
}

/** One upstream subscriber's events. */
class Subscriber implements AsyncIterableIterator<{ events: BenchEvent }, undefined> {
  readonly #queue: BenchEvent[] = [];
  #wake: PromiseWithResolvers<void> | undefined;
  #open = true;

  constructor(readonly leave: (subscriber: Subscriber) => void) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(event: BenchEvent): void {
    this.#queue.push(event);
    this.#wake?.resolve();
  }

  async next(): Promise<IteratorResult<{ events: BenchEvent }, undefined>> {
    while (this.#open && this.#queue.length === 0) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    const event = this.#queue.shift();
    return this.#open && event !== undefined ? { value: { events: event }, done: false } : { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<{ events: BenchEvent }, undefined>> {
    this.#open = false;
    this.#wake?.resolve();
    this.leave(this);
    return { value: undefined, done: true };
  }
}

const byFilter = new Map<string, Set<Subscriber>>();

function subscribe(_: unknown, { only }: { only?: string | null }): Subscriber {
  const filter = only ?? '';
  const subscribers = byFilter.get(filter) ?? new Set();
  byFilter.set(filter, subscribers);
  const subscriber = new Subscriber((left) => subscribers.delete(left));
  subscribers.add(subscriber);
  return subscriber;
}

const item = ({ code }: { code: string }) => ({ code, name: `事项 ${code}` });
// oxlint-disable-next-line typescript/no-explicit-any -- resolvers of many shapes, as graphql-js takes them
const serve = async (sdl: string, resolvers: any): Promise<string> => {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const http = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as { query: string; variables?: Record<string, unknown> };
      void graphql({ schema, source: query, variableValues: variables ?? {} }).then((result) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result)),
      );
    });
  });
  useServer({ schema }, new WebSocketServer({ server: http, path: '/graphql' }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
};

const urls = {
  ledger: await serve(LEDGER, { Query: { nothing: () => 0 }, Subscription: { events: { subscribe } } }),
  catalog: await serve(CATALOG, {
    Query: { item: (_: unknown, { code }: { code: string }) => item({ code }) },
    Item: { __resolveReference: item },
  }),
};

answer({
  urls: () => urls,
  subscribers: () => byFilter.values().reduce((sum, { size }) => sum + size, 0),
  publish({ number, filter }: { number: number; filter: string }) {
    const event = {
      cursor: `c${number}`,
      number,
      sentAt: performance.timeOrigin + performance.now(),
      text: '受理进展'.repeat(12),
      item: { code: `i${number % 50}` },
    };
    for (const subscriber of byFilter.get(filter) ?? []) subscriber.push(event);
  },
});
