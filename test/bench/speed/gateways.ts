import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { Pool } from 'undici';
import { createLogger } from '../../../gateway/observability/logger.js';
import { startGateway } from '../../../gateway/server/start-gateway.js';
import { answer, cpuSeconds, usage } from '../subscriptions/child.js';
import { type GatewayKind, PEERS } from './kinds.js';
import { profileStart, profileStop } from './profile.js';

interface Start {
  readonly kind: GatewayKind;
  readonly supergraph: string;
  readonly urls: Readonly<Record<string, string>>;
  /** For the floor: what the gateway under test asks for one page, and the page. */
  readonly requests: readonly { subgraph: string; body: string }[];
  readonly page: string;
}

async function ours({ supergraph }: Start): Promise<string> {
  const document = { version: '1', sdl: supergraph, departments: [] };
  const { url } = await startGateway({
    supergraph: {
      registryReachable: undefined,
      async follow(offer) {
        await offer(document, 'file');
        return { async [Symbol.asyncDispose]() {} };
      },
    },
    logger: createLogger('error'),
  });
  return url;
}

async function apollo({ supergraph }: Start): Promise<string> {
  const server = new ApolloServer({ gateway: new ApolloGateway({ supergraphSdl: supergraph }) });
  const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } });
  return url;
}

/** No GraphQL at all: as many calls as the gateway under test makes, one after another as deep as its plan is, and a page written as JSON. */
async function floor({ urls, requests, page }: Start): Promise<string> {
  const pools = new Map(Object.entries(urls).map(([name, url]) => [name, new Pool(new URL(url).origin, { connections: 128 })]));
  const whole = JSON.parse(page) as unknown;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    JSON.parse(Buffer.concat(chunks).toString());
    for (const { subgraph, body } of requests) {
      const answered = await pools
        .get(subgraph)
        ?.request({ method: 'POST', path: '/graphql', headers: { 'content-type': 'application/json' }, body });
      await answered?.body.json();
    }
    const text = JSON.stringify(whole);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

/** One of the peers' own modules, which find their packages where they stand. */
async function peer(module: string, name: string, options: Start): Promise<string> {
  const { start } = (await import(new URL(module, PEERS).href)) as { start: (options: Start, name: string) => Promise<string> };
  return start(options, name);
}

answer({
  start: (options: Start) => {
    switch (options.kind) {
      case 'ours':
        return ours(options);
      case 'apollo':
        return apollo(options);
      case 'floor':
        return floor(options);
      default:
        return peer('hive.mjs', options.kind, options);
    }
  },
  usage,
  cpu: cpuSeconds,
  profileStart,
  profileStop,
});
