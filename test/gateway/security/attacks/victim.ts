import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { WebSocket } from 'ws';
import { PartProcess } from '../../../support/processes.js';
import { startTestSubgraph, type TestSubgraph } from '../../server/test-subgraph.js';

const SDL = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible", "@listSize"])
  type Query {
    node: Node
    nodes(first: Int, ids: [ID!], level: Level): [Node] @listSize(slicingArguments: ["first"], requireOneSlicingArgument: false, assumedSize: 5)
    echo(value: Json): Json
    hidden: String @inaccessible
  }
  type Mutation { change(to: String): String }
  type Subscription { ticks: Int }
  type Node { id: ID!  name: String  child: Node  children: [Node] }
  enum Level { LOW HIGH }
  scalar Json
`;

/** A gateway in a process of its own, as in production, before a subgraph in this one. */
export interface Victim extends AsyncDisposable {
  readonly url: string;
  readonly origin: string;
  /** What it keeps is in here. */
  readonly folder: string;
  readonly subgraph: TestSubgraph;
  readonly changes: string[];
  readonly log: readonly string[];
  /** Bytes that its process holds. */
  memory(): Promise<number>;
  isAlive(): Promise<boolean>;
}

export async function startVictim(env: Record<string, string> = {}): Promise<Victim> {
  await using stack = new AsyncDisposableStack();
  const changes: string[] = [];
  const node: object = { id: '1', name: 'n', child: () => node, children: () => [node] };
  const subgraph = stack.use(
    await startTestSubgraph({
      name: 'tree',
      sdl: SDL,
      resolvers: {
        Query: { node: () => node, nodes: () => [node], echo: (_: unknown, { value }: { value: unknown }) => value },
        Mutation: { change: (_: unknown, { to }: { to: string }) => (changes.push(to), to) },
        Subscription: {
          ticks: {
            async *subscribe() {
              await new Promise(() => {});
              yield 1;
            },
          },
        },
      },
    }),
  );
  const folder = await mkdtemp(join(tmpdir(), 'attacked-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { supergraphSdl, errors } = composeServices([{ name: 'tree', url: subgraph.url, typeDefs: parse(SDL) }]);
  if (supergraphSdl === undefined) throw new Error(errors?.join('\n'));
  const file = join(folder, 'supergraph.graphql');
  await writeFile(file, supergraphSdl);
  const part = stack.use(
    await PartProcess.start(['gateway'], {
      NODE_ENV: 'production',
      GATEWAY_SUPERGRAPH: file,
      GATEWAY_AUTH: 'off',
      GATEWAY_PORT: '0',
      DATA_DIR: folder,
      GATEWAY_RATE_PER_ADDRESS: '0',
      ...env,
    }),
  );
  const { origin } = new URL(part.url);
  const running = stack.move();
  return {
    url: part.url,
    origin,
    folder,
    subgraph,
    changes,
    log: part.log,
    async memory() {
      const metrics = await (await fetch(`${origin}/metrics`)).text();
      return Number(/^acceptance_process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    },
    async isAlive() {
      return (await fetch(`${origin}/health/live`)).ok;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Bytes to the gateway, and everything that came back until it closed. */
export function raw({ origin }: Victim, ...chunks: (string | Buffer)[]): { socket: Socket; answer: Promise<string> } {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  for (const chunk of chunks) socket.write(chunk);
  const received: Buffer[] = [];
  socket.on('data', (data) => received.push(data));
  socket.on('error', () => {});
  const answer = new Promise<string>((resolve) => socket.once('close', () => resolve(Buffer.concat(received).toString('latin1'))));
  return { socket, answer };
}

export interface OpenSocket {
  readonly socket: WebSocket;
  readonly messages: { type: string; id?: string; payload?: any }[];
  /** The close code and reason. */
  readonly closed: Promise<[number, string]>;
  readonly send: (message: unknown) => void;
}

/** A socket of the subprotocol that says nothing by itself. */
export async function openSocket({ url }: { url: string }): Promise<OpenSocket> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), 'graphql-transport-ws');
  const messages: OpenSocket['messages'] = [];
  socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as OpenSocket['messages'][number]));
  socket.on('error', () => {});
  const closed = new Promise<[number, string]>((resolve) => socket.once('close', (code, reason) => resolve([code, reason.toString()])));
  await new Promise((resolve) => socket.once('open', resolve));
  return { socket, messages, closed, send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)) };
}
