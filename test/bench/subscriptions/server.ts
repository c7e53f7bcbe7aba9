import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { buildSchema, type GraphQLObjectType, parse } from 'graphql';
import { createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { Pool } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import { createLogger } from '../../../gateway/observability/logger.js';
import { startGateway } from '../../../gateway/server/start-gateway.js';
import { answer, cpuSeconds, usage } from './child.js';
import { CATALOG, LEDGER, PLAIN, WITH_JOIN } from './graph.js';

interface Urls {
  ledger: string;
  catalog: string;
}

/** The gateway under test. */
async function gateway({ ledger, catalog }: Urls): Promise<string> {
  const { supergraphSdl, errors } = composeServices([
    { name: 'catalog', url: catalog, typeDefs: parse(CATALOG) },
    { name: 'ledger', url: ledger, typeDefs: parse(LEDGER) },
  ]);
  if (supergraphSdl === undefined) throw new Error(String(errors));
  const document = { version: '1', sdl: supergraphSdl, departments: [] };
  const { url } = await startGateway({
    supergraph: {
      registryReachable: undefined,
      async follow(offer) {
        await offer(document, 'file');
        return { async [Symbol.asyncDispose]() {} };
      },
    },
    logger: createLogger('error'),
    subscriptions: { connectionsPerIdentity: 0 },
  });
  return url;
}

/** One client's events from the only upstream there is. */
class Events implements AsyncIterableIterator<unknown, undefined> {
  readonly #queue: unknown[] = [];
  #wake: PromiseWithResolvers<void> | undefined;
  #open = true;

  constructor(readonly leave: (events: Events) => void) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  push(event: unknown): void {
    this.#queue.push(event);
    this.#wake?.resolve();
  }

  async next(): Promise<IteratorResult<unknown, undefined>> {
    while (this.#open && this.#queue.length === 0) {
      this.#wake = Promise.withResolvers();
      await this.#wake.promise;
    }
    return this.#open ? { value: { events: this.#queue.shift() }, done: false } : { value: undefined, done: true };
  }

  async return(): Promise<IteratorResult<unknown, undefined>> {
    this.#open = false;
    this.#wake?.resolve();
    this.leave(this);
    return { value: undefined, done: true };
  }
}

/** The peer: graphql-ws' own server, executing every event for every client, over one upstream per filter and pooled connections. */
async function plain({ ledger, catalog }: Urls): Promise<string> {
  const upstream = createClient({ url: ledger.replace(/^http/, 'ws'), webSocketImpl: WebSocket });
  const listeners = new Map<string, Set<Events>>();
  const subscribe = (_: unknown, { only }: { only?: string | null }) => {
    const filter = only ?? '';
    let mine = listeners.get(filter);
    if (mine === undefined) {
      mine = new Set();
      listeners.set(filter, mine);
      const query = WITH_JOIN.replace(' item { code name }', ' item { code }');
      upstream.subscribe<{ events: unknown }>(
        { query, variables: { only: only ?? null } },
        { next: ({ data }) => listeners.get(filter)?.forEach((events) => events.push(data?.events)), error: () => {}, complete: () => {} },
      );
    }
    const events = new Events((left) => mine.delete(left));
    mine.add(events);
    return events;
  };
  const { origin, pathname } = new URL(catalog);
  const pool = new Pool(origin, { connections: 128 });
  const query = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { name } } }';
  const name = async ({ code }: { code: string }) => {
    const body = JSON.stringify({ query, variables: { representations: [{ __typename: 'Item', code }] } });
    const response = await pool.request({ method: 'POST', path: pathname, headers: { 'content-type': 'application/json' }, body });
    return ((await response.body.json()) as { data: { _entities: { name: string }[] } }).data._entities[0]?.name;
  };
  const schema = buildSchema(PLAIN);
  Object.assign(schema.getSubscriptionType()?.getFields()['events'] ?? {}, { subscribe });
  const itemType = schema.getType('Item') as GraphQLObjectType;
  Object.assign(itemType.getFields()['name'] ?? {}, { resolve: name });
  const http = createServer();
  useServer({ schema }, new WebSocketServer({ server: http, path: '/graphql' }));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/graphql`;
}

answer({
  start: ({ kind, urls }: { kind: 'gateway' | 'plain'; urls: Urls }) => (kind === 'gateway' ? gateway(urls) : plain(urls)),
  usage,
  cpu: cpuSeconds,
});
