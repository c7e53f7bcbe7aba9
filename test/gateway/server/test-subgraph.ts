import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { graphql, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

export interface SeenRequest {
  headers: IncomingHttpHeaders;
  query: string;
  variables: Record<string, unknown> | undefined;
}

/** How a subgraph answers: `answer` as it should, the others as peers do that are in trouble. */
export type Behaviour = 'answer' | 'hang' | 'html' | 'reset';

export interface TestSubgraph extends AsyncDisposable {
  readonly name: string;
  readonly sdl: string;
  readonly url: string;
  readonly subscriptionUrl: string;
  readonly port: number;
  /** What was asked over HTTP. */
  readonly seen: SeenRequest[];
  /** Requests given up by whoever asked, before they were answered. */
  readonly abandoned: number;
  /** The payloads of connection_init. */
  readonly connected: (Record<string, unknown> | undefined)[];
  readonly sockets: number;
  behaviour: Behaviour;
  /** Requests wait here before they are answered. */
  gate: Promise<void> | undefined;
  /** Cuts every socket without a word. */
  cutSockets(): void;
}

export interface TestSubgraphOptions {
  name: string;
  sdl: string;
  // resolvers of many shapes, as graphql-js takes them
  resolvers: any;
  port?: number;
  /** What resolvers get, of the `authorization` that came with the request or the socket. */
  context?: (authorization: string | undefined) => unknown;
}

/** A subgraph over real HTTP and graphql-transport-ws. */
export async function startTestSubgraph({
  name,
  sdl,
  resolvers,
  port = 0,
  context = () => ({}),
}: TestSubgraphOptions): Promise<TestSubgraph> {
  const schema = buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers }]);
  const http = createServer((request, response) => void handle(request, response));
  const webSockets = new WebSocketServer({ server: http, path: '/graphql' });
  const subgraph = {
    name,
    sdl,
    seen: [] as SeenRequest[],
    abandoned: 0,
    connected: [] as (Record<string, unknown> | undefined)[],
    behaviour: 'answer' as Behaviour,
    gate: undefined as Promise<void> | undefined,
    get sockets() {
      return webSockets.clients.size;
    },
    cutSockets() {
      for (const socket of webSockets.clients) socket.terminate();
    },
  };
  const sockets = useServer(
    {
      schema,
      context: ({ connectionParams }) => context(connectionParams?.['authorization'] as string | undefined) as never,
      onConnect: ({ connectionParams }) => {
        subgraph.connected.push(connectionParams);
        return true;
      },
    },
    webSockets,
  );
  async function handle(request: IncomingMessage, response: ServerResponse) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as SeenRequest;
    subgraph.seen.push({ headers: request.headers, query, variables });
    response.once('close', () => {
      if (!response.writableFinished) subgraph.abandoned++;
    });
    await subgraph.gate;
    if (subgraph.behaviour === 'hang') return;
    if (subgraph.behaviour === 'reset') {
      request.socket.destroy();
      return;
    }
    if (subgraph.behaviour === 'html') {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway at http://10.0.0.1</h1>');
      return;
    }
    const result = await graphql({
      schema,
      source: query,
      variableValues: variables ?? {},
      contextValue: await context(request.headers.authorization),
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }
  http.listen(port, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address() as AddressInfo;
  return Object.assign(subgraph, {
    url: `http://127.0.0.1:${address.port}/graphql`,
    subscriptionUrl: `ws://127.0.0.1:${address.port}/graphql`,
    port: address.port,
    async [Symbol.asyncDispose]() {
      if (!http.listening) return;
      subgraph.cutSockets();
      await sockets.dispose();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  });
}
