import type { ExchangeLog } from '../../subgraphs/kit/exchange/exchange-log.js';
import type { Logger } from '../observability/logger.js';

/**
 * For a gateway that keeps no audit: what it signed is in its log, one line when it goes out and one when it has ended, complete
 * enough to prove it by. There is nothing personal in it.
 */
export function loggedExchange(logger: Logger): ExchangeLog {
  return {
    async add(direction, { method, path, recipient, requestId }, signed) {
      logger.info({ exchange: { direction, method, path, recipient, requestId, ...signed } }, 'a signed request');
      return {
        async settled(outcome) {
          logger.info({ exchange: { nonce: signed.nonce, requestId, outcome } }, 'a signed request has ended');
        },
      };
    },
  };
}
