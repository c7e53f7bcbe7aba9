import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Store } from '../store/open-store.js';
import { transaction } from '../store/transaction.js';
import { feedCursors } from './feed-tables.js';

/** What a projection of a store's own feed is kept under; it is set back together with its feed. */
const OWN = 'own:';

/** A feed that is followed, as its follower's store has it. */
export interface FollowedFeed {
  readonly source: string;
  readonly cursor: string;
  /** When the last event was applied. */
  readonly appliedAt: Date;
  /** Set while the source does not know the event at the cursor: it was set back, or begun anew. */
  readonly rewound: { readonly code: string; readonly since: Date } | undefined;
}

/** The feeds of others that a store follows, by their names; none where it follows nobody. */
export async function followedFeeds(store: Store): Promise<FollowedFeed[]> {
  if (store.orm.getMetadata().getByClassName('FeedCursor', false) === undefined) return [];
  const rows = await store.fork().find(feedCursors, {}, { orderBy: { source: 'asc' }, disableIdentityMap: true });
  const others = rows.filter(({ source }) => !source.startsWith(OWN));
  return others.map(({ source, cursor, updatedAt, rewoundCode, rewoundAt }) => ({
    source,
    cursor,
    appliedAt: updatedAt,
    rewound: rewoundCode == null || rewoundAt == null ? undefined : { code: rewoundCode, since: rewoundAt },
  }));
}

/** Keeps that a source refused the cursor, for whoever looks and for after a restart. @returns the row, as it is then */
export async function noteRewound(store: Store, source: string, code: string): Promise<{ readonly cursor: string } | null> {
  const em = store.fork();
  await em.nativeUpdate(feedCursors, { source, rewoundCode: null }, { rewoundCode: code.slice(0, 32), rewoundAt: new Date() });
  return em.findOne(feedCursors, source);
}

export async function forgetRewound(store: Store, source: string): Promise<void> {
  await store.fork().nativeUpdate(feedCursors, { source }, { rewoundCode: null, rewoundAt: null });
}

/**
 * Has a feed read from its beginning again: events that were applied are known by their ids and are passed over, those that
 * are new are applied. Does nothing unless the source is known not to know the cursor.
 * @param also done in the same transaction
 * @returns whether it did
 */
export async function readAnew(
  store: Store,
  { source, cursor }: Pick<FollowedFeed, 'source' | 'cursor'>,
  also: (tx: SqlEntityManager) => Promise<void> = async () => {},
): Promise<boolean> {
  return transaction(store.fork(), async (tx) => {
    const gone = await tx.nativeDelete(feedCursors, { source, cursor, rewoundCode: { $ne: null } });
    if (gone === 0) return false;
    await also(tx);
    return true;
  });
}
