import type { FilterQuery } from '@mikro-orm/core';
import { SENSITIVE } from '../../../kit/privacy/masks.js';
import { type Connection, connection, pageSize } from '../../../kit/schema/connection.js';
import type { Ledger } from '../ledger.js';
import { type Keyset, keysetAfter, keysetCursor, keysetOrder } from '../lists/keyset.js';
import { withholdings } from '../store/file-tables.js';
import { type CaseRow, cases } from '../store/tables.js';
import type { PublicResult, PublicResultFilter } from '../types/publicity.js';

const LATEST: Keyset = { list: 'results:latest', instant: 'decidedAt', key: 'number', direction: 'desc' };

const PUBLISHED = [
  'departmentCode',
  'itemCode',
  'number',
  'outcome',
  'acceptedAt',
  'decidedAt',
  'certificateNumber',
  'applicantKind',
  'applicantName',
] as const;

/** A result for everybody, and which department and item it is of. */
export type PublishedResult = PublicResult & { departmentCode: string; itemCode: string };

/**
 * What was decided, latest first, for anybody (Art. 24), without items whose results are withheld: a row without its
 * content would still tell when and how often. It is made from columns that hold no personal data but the applicant's
 * name, which is masked before it leaves this function.
 * @throws CataloguedError BAD_USER_INPUT, CURSOR_INVALID, CURSOR_FOREIGN
 */
export async function publicResults(
  { store }: Pick<Ledger, 'store'>,
  listing: { filter: PublicResultFilter; first: number; after?: string | null | undefined },
): Promise<Connection<PublishedResult>> {
  const size = pageSize(listing.first);
  const withheld = await store.fork().find(withholdings, {}, { disableIdentityMap: true });
  const conditions = [
    ...filterConditions(listing.filter),
    ...withheld.map(({ departmentCode, itemCode }) => ({ $not: { departmentCode, itemCode } })),
  ];
  const position = listing.after == null ? [] : [keysetAfter(LATEST, listing.after)];
  const where = (...more: object[]) => ({ $and: [...conditions, ...more] }) as FilterQuery<CaseRow>;
  const rows = await store
    .fork()
    .find(cases, where(...position), { fields: PUBLISHED, orderBy: keysetOrder(LATEST), limit: size + 1, disableIdentityMap: true });
  const page = connection(
    rows,
    size,
    (row) => keysetCursor(LATEST, row),
    () => store.fork().count(cases, where()),
  );
  return {
    edges: page.edges.map(({ cursor, node }) => ({ cursor, node: publicResult(node) })),
    nodes: page.nodes.map(publicResult),
    pageInfo: page.pageInfo,
    get totalCount() {
      return page.totalCount;
    },
  };
}

function publicResult(row: Pick<CaseRow, (typeof PUBLISHED)[number]>): PublishedResult {
  const person = row.applicantKind === 'NATURAL_PERSON';
  return {
    departmentCode: row.departmentCode,
    itemCode: row.itemCode,
    caseNumber: row.number,
    outcome: row.outcome ?? null,
    acceptedAt: row.acceptedAt,
    decidedAt: row.decidedAt ?? null,
    certificateNumber: row.certificateNumber ?? null,
    applicantKind: row.applicantKind,
    applicant: person ? SENSITIVE.NAME(row.applicantName) : row.applicantName,
    withheld: [
      ...(person
        ? [{ part: 'APPLICANT_NAME', ground: 'PERSONAL_INFORMATION', explanation: '自然人姓名属个人信息,仅公开姓氏' } as const]
        : []),
      ...(row.outcome === 'REFUSED'
        ? [
            {
              part: 'REASONS',
              ground: 'PERSONAL_INFORMATION',
              explanation: '不予许可的理由可能涉及个人信息或者商业秘密,仅送达申请人',
            } as const,
          ]
        : []),
    ],
  };
}

function filterConditions({ departmentCode, itemCode, outcome, decidedFrom, decidedTo }: PublicResultFilter): object[] {
  const conditions: object[] = [{ decidedAt: { $ne: null } }, { outcome: outcome ?? { $in: ['APPROVED', 'REFUSED'] } }];
  if (departmentCode != null) conditions.push({ departmentCode });
  if (itemCode != null) conditions.push({ itemCode });
  if (decidedFrom != null) conditions.push({ decidedAt: { $gte: decidedFrom } });
  if (decidedTo != null) conditions.push({ decidedAt: { $lt: decidedTo } });
  return conditions;
}
