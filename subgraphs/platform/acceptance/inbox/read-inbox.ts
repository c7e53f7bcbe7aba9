import type { FilterQuery } from '@mikro-orm/core';
import type { Caller } from '../../../kit/identity/caller.js';
import { type Connection, connection, pageSize } from '../../../kit/schema/connection.js';
import { requireIdentity } from '../access/row-guard.js';
import type { Ledger } from '../ledger.js';
import { type Keyset, keysetAfter, keysetCursor, keysetOrder } from '../lists/keyset.js';
import { type InboxRow, inboxCounts, inboxEntries } from '../store/tables.js';
import type { InboxKind } from '../types/enums.js';
import { audiencesOf } from './audiences.js';

const DUE_FIRST: Keyset = { list: 'inbox', instant: 'dueSort', key: 'id', direction: 'asc' };

/**
 * A page of what waits for the caller, what is due first first.
 * @throws CataloguedError UNAUTHENTICATED, BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FOREIGN
 */
export async function readInbox(
  { store }: Pick<Ledger, 'store'>,
  caller: Caller,
  first: number,
  after?: string | null,
): Promise<Connection<InboxRow>> {
  requireIdentity(caller);
  const size = pageSize(first);
  const audiences = audiencesOf(caller);
  // most have one inbox, and then the index gives the page in order
  const audience = audiences.length === 1 ? audiences[0] : { $in: audiences };
  const where = { $and: [{ audience }, ...(after == null ? [] : [keysetAfter(DUE_FIRST, after)])] } as FilterQuery<InboxRow>;
  const rows = await store.fork().find(inboxEntries, where, { orderBy: keysetOrder(DUE_FIRST), limit: size + 1, disableIdentityMap: true });
  return connection(
    rows,
    size,
    (row) => keysetCursor(DUE_FIRST, row),
    async () => (await countInbox({ store }, audiences)).reduce((sum, { waiting }) => sum + waiting, 0),
  );
}

export interface InboxTally {
  kind: InboxKind;
  waiting: number;
}

/** How much of each kind waits, from what is kept with the entries. */
export async function countInbox({ store }: Pick<Ledger, 'store'>, audiences: readonly string[]): Promise<InboxTally[]> {
  const rows = await store
    .fork()
    .find(inboxCounts, { audience: { $in: [...audiences] } }, { orderBy: { kind: 'asc' }, disableIdentityMap: true });
  const kinds = Map.groupBy(rows, ({ kind }) => kind);
  return [...kinds]
    .map(([kind, ofIt]) => ({ kind, waiting: ofIt.reduce((sum, { waiting }) => sum + waiting, 0) }))
    .filter(({ waiting }) => waiting > 0);
}

/** How much of it is past its due date: a range at the beginning of the index. */
export function countOverdue({ store }: Pick<Ledger, 'store'>, audiences: readonly string[], now: Date): Promise<number> {
  return store.fork().count(inboxEntries, { audience: { $in: [...audiences] }, dueSort: { $lt: now } });
}
