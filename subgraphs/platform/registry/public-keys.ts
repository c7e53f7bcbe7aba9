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
export function publicKeyDocuments({
  verifier,
  exchange,
}: Pick<SubgraphEnvironment, 'verifier' | 'exchange'>): Record<string, () => object | Promise<object>> {
  return {
    [INTERNAL_KEYS_PATH]: () => verifier.publicKeys(),
    ...(exchange !== undefined && {
      [EXCHANGE_KEYS_PATH]: async () => {
        // made at its first use, which this may be
        await exchange.signingKey(PLATFORM_PARTY);
        return exchange.publicKeys(PLATFORM_PARTY);
      },
    }),
  };
}
