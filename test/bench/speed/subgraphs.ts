import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';
import { answer, cpuSeconds } from '../subscriptions/child.js';
import { SUBGRAPHS } from './graph.js';

let calls = 0;
/** What was asked for each request of a client; for the floor, which asks the same without a gateway. */
let seen: Map<string, { subgraph: string; body: string }[]> | undefined;

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** A subgraph that costs as little as it can: what is measured is the gateway. Equal bodies get the answer they got before. */
function serve(subgraph: string, schema: GraphQLSchema) {
  const documents = new Map<string, DocumentNode>();
  const answers = new Map<string, string>();
  return createServer(async (request, response) => {
    const body = await read(request);
    calls++;
    if (seen !== undefined) {
      const id = String(request.headers['x-request-id']);
      const asked = seen.get(id);
      if (asked === undefined) seen.set(id, [{ subgraph, body }]);
      else asked.push({ subgraph, body });
    }
    let text = answers.get(body);
    if (text === undefined) {
      const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
      let document = documents.get(query);
      if (document === undefined) {
        document = parse(query);
        documents.set(query, document);
      }
      text = JSON.stringify(await execute({ schema, document, variableValues: variables ?? {} }));
      if (answers.size < 10_000) answers.set(body, text);
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
}

answer({
  async start() {
    const urls: Record<string, string> = {};
    for (const { name, sdl, resolvers } of SUBGRAPHS) {
      const server = serve(name, buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]));
      server.keepAliveTimeout = 60_000;
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
    }
    return urls;
  },
  calls: () => calls,
  record: () => {
    seen = new Map();
  },
  /** What the request in the middle asked, by how much each did. */
  recorded: () => {
    const recorded = [...(seen?.values() ?? [])].sort((a, b) => a.length - b.length);
    seen = undefined;
    return recorded[Math.floor(recorded.length / 2)];
  },
  cpu: cpuSeconds,
});
