import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { ApplicationChannel, RefusalReason } from '../types/enums.js';

/**
 * 不得强制网上先行 (Art. 19): nobody who comes to a window or writes is turned away for not having applied online first.
 * @throws CataloguedError FORCED_ONLINE; BAD_USER_INPUT for an application that did come online
 */
export function notForcedOnline(channel: ApplicationChannel, reason: RefusalReason): void {
  if (reason !== 'NOT_ONLINE') return;
  if (channel === 'ONLINE') throw new CataloguedError('BAD_USER_INPUT', 'reason NOT_ONLINE: it was handed in online', { field: 'reason' });
  throw new CataloguedError('FORCED_ONLINE', 'an application at a window or by post is not refused for not being online (Art. 19)', {
    field: 'reason',
    channel,
  });
}
