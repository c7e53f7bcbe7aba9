import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { unifiedGraphHandler } from '@graphql-hive/router-runtime';

/** Hive Gateway with its own planner, or with the one in Rust; in-flight requests are not shared. */
export async function start({ supergraph }, kind) {
  const gateway = createGatewayRuntime({
    supergraph,
    logging: false,
    deduplicateRequest: false,
    transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },
    landingPage: false,
    ...(kind === 'hive-rust' && { unifiedGraphHandler }),
  });
  const server = createServer(gateway);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${server.address().port}/graphql`;
}
