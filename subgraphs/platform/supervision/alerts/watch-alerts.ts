import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import type { Caller } from '../../../kit/identity/caller.js';
import { narrowed, requireSight } from '../access/sight.js';
import type { Supervision } from '../supervision.js';
import type { AlertLevel } from '../types/enums.js';

export interface AlertWatch {
  readonly after?: string | null | undefined;
  readonly level?: AlertLevel | null | undefined;
  readonly departmentCode?: string | null | undefined;
}

/**
 * What happens to alerts that the caller may see: stored events after `after`, then live ones, no gap, no repeat, in
 * order. Without `after` from now on.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, CURSOR_INVALID, CURSOR_FOREIGN, CURSOR_AHEAD, CURSOR_EXPIRED
 */
export async function watchAlerts(
  { feed }: Pick<Supervision, 'feed'>,
  caller: Caller,
  { after, level, departmentCode }: AlertWatch,
): Promise<AsyncIterableIterator<FeedEvent>> {
  const sight = narrowed(requireSight(caller), departmentCode);
  const only = sight !== 'ALL' && sight.length === 1 ? sight[0] : undefined;
  return feed.follow({
    after: after ?? (await feed.end()),
    filter: {
      scope: only,
      accepts: ({ scope, payload }) => (sight === 'ALL' || sight.includes(scope)) && (level == null || payload['level'] === level),
    },
  });
}
