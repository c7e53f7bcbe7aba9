import type { AddressInfo } from 'node:net';
import type { InternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import { PlainCases } from './cases.js';
import type { Fault } from './faults.js';
import { PlainFeed } from './feed.js';
import { plainHttpServer } from './http-server.js';
import { plainItems } from './items.js';
import { plainSchema } from './schema.js';
import { plainSocketServer } from './socket-server.js';
import { PlainTokens } from './tokens.js';

export interface PlainDepartment extends AsyncDisposable {
  readonly url: string;
}

/**
 * A department that has nothing in common with the kit: SDL first, plain resolvers, Maps, its own HTTP and socket servers.
 * With faults it breaks the contract in those ways.
 */
export async function startPlainDepartment(keys: InternalKeys, code: string, ...switched: Fault[]): Promise<PlainDepartment> {
  const faults = new Set(switched);
  const feed = new PlainFeed(faults);
  const cases = new PlainCases(code, plainItems(faults), feed, faults);
  const schema = plainSchema(code, cases, feed, faults);
  const tokens = new PlainTokens(keys, code, faults);
  const server = plainHttpServer(schema, tokens, faults);
  const sockets = plainSocketServer(server, schema, tokens, faults);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
