import type { FastifyInstance } from 'fastify';
import { PLATFORM_PARTY } from '../../kit/exchange/exchange-keys.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';

/** Where the public keys are that internal tokens are checked with: what a JWT library is given as its JWKS address. */
export const INTERNAL_KEYS_PATH = '/.well-known/jwks.json';
/** Where the platform's public keys of the signed exchange are. */
export const EXCHANGE_KEYS_PATH = '/.well-known/exchange/platform.json';

/**
 * The platform's public keys, for departments that share no directory with it, in whatever language. Whoever reads them
 * asks again when a token or signature names a key it does not know, so keys may change while everything runs.
 */
export function publicKeyRoutes({
  verifier,
  exchange,
}: Pick<SubgraphEnvironment, 'verifier' | 'exchange'>): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    const serve = (path: string, keys: () => object | Promise<object>) =>
      app.get(path, async (_request, reply) => reply.header('cache-control', 'public, max-age=60').send(await keys()));
    serve(INTERNAL_KEYS_PATH, () => verifier.publicKeys());
    if (exchange === undefined) return;
    serve(EXCHANGE_KEYS_PATH, async () => {
      // made at its first use, which this may be
      await exchange.signingKey(PLATFORM_PARTY);
      return exchange.publicKeys(PLATFORM_PARTY);
    });
  };
}
