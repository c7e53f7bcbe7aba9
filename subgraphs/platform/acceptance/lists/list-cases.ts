import { type FilterQuery, raw } from '@mikro-orm/core';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Caller, hasRole } from '../../../kit/identity/caller.js';
import type { PersonalDataKeys } from '../../../kit/privacy/personal-data-keys.js';
import { type Connection, connection, pageSize } from '../../../kit/schema/connection.js';
import { departmentsOf, requireIdentity, sightOf } from '../access/row-guard.js';
import type { Ledger } from '../ledger.js';
import { normaliseCreditCode } from '../rules/credit-code.js';
import { type CaseRow, cases } from '../store/tables.js';
import type { CaseOrder } from '../types/enums.js';
import type { CaseFilter } from '../types/inputs.js';
import { type Keyset, keysetAfter, keysetCursor, keysetOrder } from './keyset.js';

const ORDERS: Record<CaseOrder, Keyset> = {
  ACCEPTED_LATEST_FIRST: { list: 'cases:latest', instant: 'acceptedAt', key: 'number', direction: 'desc' },
  ACCEPTED_EARLIEST_FIRST: { list: 'cases:earliest', instant: 'acceptedAt', key: 'number', direction: 'asc' },
  PROMISED_DUE_FIRST: { list: 'cases:due', instant: 'dueSort', key: 'number', direction: 'asc' },
};

export interface CaseListing {
  filter: CaseFilter;
  orderBy: CaseOrder;
  first: number;
  after?: string | null | undefined;
}

/**
 * A page of the cases that the caller may see.
 * @throws CataloguedError UNAUTHENTICATED without an identity, FORBIDDEN for a filter by number that is not the caller's to
 * use, BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FOREIGN
 */
export async function listCases(
  { store, personalData }: Ledger,
  caller: Caller,
  { filter, orderBy, first, after }: CaseListing,
): Promise<Connection<CaseRow>> {
  requireIdentity(caller);
  const size = pageSize(first);
  const keyset = ORDERS[orderBy];
  const position = after == null ? [] : [keysetAfter(keyset, after)];
  const conditions = [...sightConditions(caller), ...filterConditions(caller, filter, personalData)];
  const where = (...more: object[]) => ({ $and: [...conditions, ...more] }) as FilterQuery<CaseRow>;
  const rows = await store
    .fork()
    .find(cases, where(...position), { orderBy: keysetOrder(keyset), limit: size + 1, disableIdentityMap: true });
  return connection(
    rows,
    size,
    (row) => keysetCursor(keyset, row),
    () => store.fork().count(cases, where()),
  );
}

/** The caller's sight as conditions, all of which must hold. */
export function sightConditions(caller: Caller): object[] {
  const sight = sightOf(caller);
  if (sight === 'ALL') return [];
  return sight.length === 0 ? [{ departmentCode: { $in: [] } }] : [{ $or: sight }];
}

function filterConditions(caller: Caller, filter: CaseFilter, keys: PersonalDataKeys): object[] {
  const { departmentCode, itemCode, stage, applicantIdNumber, acceptedFrom, acceptedTo, open } = filter;
  const conditions: object[] = [];
  if (departmentCode != null) conditions.push({ departmentCode });
  if (itemCode != null) conditions.push({ itemCode });
  if (stage != null) conditions.push({ stage });
  if (acceptedFrom != null) conditions.push({ acceptedAt: { $gte: acceptedFrom } });
  if (acceptedTo != null) conditions.push({ acceptedAt: { $lt: acceptedTo } });
  if (open != null) conditions.push({ closedAt: open ? null : { $ne: null } });
  if (applicantIdNumber != null) conditions.push(...applicantConditions(caller, applicantIdNumber, keys));
  return conditions;
}

/** Whoever sees numbers masked must not find out by asking for one. */
function applicantConditions(caller: Caller, applicantIdNumber: string, keys: PersonalDataKeys): object[] {
  // a resident number and a credit code are normalised alike
  const number = normaliseCreditCode(applicantIdNumber);
  const inClear = { applicantIdHash: null, [raw('applicant_id_number')]: number };
  const condition = { $or: [{ applicantIdHash: { $in: keys.hashes(number) } }, inClear] };
  if (hasRole(caller, 'window')) return [condition];
  const own = departmentsOf(caller);
  if (own.length > 0) return [condition, { departmentCode: { $in: own } }];
  throw new CataloguedError('FORBIDDEN', 'filter.applicantIdNumber needs the role window or department:<code>', {
    field: 'filter.applicantIdNumber',
  });
}
