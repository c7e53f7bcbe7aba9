import type { FilterQuery } from '@mikro-orm/core';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Caller } from '../../../kit/identity/caller.js';
import { type Connection, connection, decodePosition, encodePosition, pageSize } from '../../../kit/schema/connection.js';
import { departmentCondition, narrowed, requireSight } from '../access/sight.js';
import { type AlertRow, alerts, alertTallies } from '../store/tables.js';
import type { Supervision } from '../supervision.js';
import { type AlertLevel, type AlertState, STATES_IN_HAND } from '../types/enums.js';
import type { AlertFilter } from '../types/inputs.js';
import { placesOf } from './place.js';

const LIST = 'alerts';

export interface AlertListing {
  readonly filter: AlertFilter;
  readonly first: number;
  readonly after?: string | null | undefined;
}

/**
 * A page of the alerts that the caller may see: the gravest first, and of one level what was due first.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FOREIGN
 */
export async function listAlerts(
  { store }: Pick<Supervision, 'store'>,
  caller: Caller,
  { filter, first, after }: AlertListing,
): Promise<Connection<AlertRow>> {
  const size = pageSize(first);
  const conditions = [...departmentCondition(narrowed(requireSight(caller), filter.departmentCode)), ...conditionsOf(filter)];
  const where = (...more: object[]) => ({ $and: [...conditions, ...more] }) as FilterQuery<AlertRow>;
  const rows = await store.fork().find(alerts, where(...(after == null ? [] : [afterPosition(after)])), {
    orderBy: { place: 'asc', id: 'asc' },
    limit: size + 1,
    disableIdentityMap: true,
  });
  return connection(
    rows,
    size,
    ({ place, id }) => encodePosition(LIST, [place, id]),
    () => store.fork().count(alerts, where()),
  );
}

function conditionsOf({ level, state, rule, caseNumber, inHand }: AlertFilter): object[] {
  const conditions: object[] = [];
  if (level != null) {
    const { from, before } = placesOf(level);
    conditions.push({ place: { $gte: from, $lt: before } });
  }
  if (state != null) conditions.push({ state });
  if (rule != null) conditions.push({ rule });
  if (caseNumber != null) conditions.push({ caseNumber });
  if (inHand != null) conditions.push({ inHand });
  return conditions;
}

/** The first condition says nothing the second does not, but it is what lets the database begin in the middle of its index. */
function afterPosition(after: string): object {
  const [place, id] = decodePosition(LIST, after, 2);
  if (typeof place !== 'string' || typeof id !== 'string')
    throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor of a list; use `pageInfo.endCursor` as it was given');
  return { $and: [{ place: { $gte: place } }, { $or: [{ place: { $gt: place } }, { place, id: { $gt: id } }] }] };
}

export interface AlertTally {
  readonly level: AlertLevel;
  readonly state: AlertState;
  readonly count: number;
}

/** How many alerts are in hand, from what is kept with them. @throws CataloguedError UNAUTHENTICATED, FORBIDDEN */
export async function countAlerts(
  { store }: Pick<Supervision, 'store'>,
  caller: Caller,
  departmentCode: string | null | undefined,
): Promise<AlertTally[]> {
  const conditions = departmentCondition(narrowed(requireSight(caller), departmentCode));
  const rows = await store
    .fork()
    .find(
      alertTallies,
      { $and: [...conditions, { state: { $in: [...STATES_IN_HAND] }, count: { $gt: 0 } }] },
      { disableIdentityMap: true },
    );
  const kinds = Map.groupBy(rows, ({ level, state }) => `${level} ${state}`);
  return [...kinds.values()].map((ofIt) => ({
    level: (ofIt[0] as AlertTally).level,
    state: (ofIt[0] as AlertTally).state,
    count: ofIt.reduce((sum, { count }) => sum + count, 0),
  }));
}
