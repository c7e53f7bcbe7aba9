import type { FilterQuery } from '@mikro-orm/core';
import type { Caller } from '../../../kit/identity/caller.js';
import { type Connection, connection, pageSize } from '../../../kit/schema/connection.js';
import { requireIdentity } from '../access/row-guard.js';
import type { Ledger } from '../ledger.js';
import { type ApplicationRow, applications } from '../store/tables.js';
import type { ApplicationFilter } from '../types/inputs.js';
import { type Keyset, keysetAfter, keysetCursor, keysetOrder } from './keyset.js';
import { sightConditions } from './list-cases.js';

const LATEST: Keyset = { list: 'applications:latest', instant: 'submittedAt', key: 'id', direction: 'desc' };

export interface ApplicationListing {
  filter: ApplicationFilter;
  first: number;
  after?: string | null | undefined;
}

/**
 * A page of the applications that the caller may see, latest first.
 * @throws CataloguedError UNAUTHENTICATED without an identity, BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FOREIGN
 */
export async function listApplications(
  { store }: Ledger,
  caller: Caller,
  listing: ApplicationListing,
): Promise<Connection<ApplicationRow>> {
  requireIdentity(caller);
  const { filter, after } = listing;
  const size = pageSize(listing.first);
  const position = after == null ? [] : [keysetAfter(LATEST, after)];
  const conditions = [...sightConditions(caller), ...filterConditions(filter)];
  const where = (...more: object[]) => ({ $and: [...conditions, ...more] }) as FilterQuery<ApplicationRow>;
  const rows = await store
    .fork()
    .find(applications, where(...position), { orderBy: keysetOrder(LATEST), limit: size + 1, disableIdentityMap: true });
  return connection(
    rows,
    size,
    (row) => keysetCursor(LATEST, row),
    () => store.fork().count(applications, where()),
  );
}

function filterConditions(filter: ApplicationFilter): object[] {
  const { departmentCode, itemCode, state, states, channel, secondNotice, submittedFrom, submittedTo } = filter;
  const conditions: object[] = [];
  if (departmentCode != null) conditions.push({ departmentCode });
  if (itemCode != null) conditions.push({ itemCode });
  if (state != null) conditions.push({ state });
  if (states != null) conditions.push({ state: { $in: states } });
  if (channel != null) conditions.push({ channel });
  if (secondNotice != null) conditions.push({ noticeCount: secondNotice ? { $gt: 1 } : { $lte: 1 } });
  if (submittedFrom != null) conditions.push({ submittedAt: { $gte: submittedFrom } });
  if (submittedTo != null) conditions.push({ submittedAt: { $lt: submittedTo } });
  return conditions;
}
