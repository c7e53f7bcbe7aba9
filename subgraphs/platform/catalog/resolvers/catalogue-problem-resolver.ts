import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { requireRole } from '../../../kit/identity/caller.js';
import { type Connection, connection, decodePosition, encodePosition, pageSize } from '../../../kit/schema/connection.js';
import type { CatalogContext } from '../catalog-context.js';
import { type CatalogueProblemRow, catalogueProblems } from '../tables.js';
import { CatalogueProblemConnection } from '../types/catalogue-problem.js';

const LIST = 'catalogueProblems';

@Resolver()
export class CatalogueProblemResolver {
  @Query(() => CatalogueProblemConnection, {
    nullable: true,
    description:
      '目录问题,仅行政审批政务信息管理局和管理员可见。What could not be taken over from departments, for the Bureau and administrators.',
  })
  async catalogueProblems(
    @Arg('departmentCode', () => ID, { nullable: true, description: '部门编码。Of this department only.' }) departmentCode: string | null,
    @Arg('first', () => Int, { defaultValue: 50, description: '每页条数,1 至 200。How many, 1 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: '上一页的 `endCursor`。The `endCursor` of the page before.' })
    after: string | null,
    @Ctx() { caller, store }: CatalogContext,
  ): Promise<Connection<CatalogueProblemRow>> {
    requireRole(caller, 'bureau', 'admin');
    const size = pageSize(first);
    const where = departmentCode == null ? {} : { departmentCode };
    const rows = await store
      .fork()
      .find(
        catalogueProblems,
        { $and: [where, placeAfter(after)] },
        { orderBy: { departmentCode: 'asc', ordinal: 'asc' }, limit: size + 1, disableIdentityMap: true },
      );
    return connection(
      rows,
      size,
      (row) => encodePosition(LIST, [row.departmentCode, row.ordinal]),
      () => store.fork().count(catalogueProblems, where),
    );
  }
}

function placeAfter(after: string | null) {
  if (after == null) return {};
  const [departmentCode, ordinal] = decodePosition(LIST, after, 2);
  return {
    $or: [
      { departmentCode: { $gt: String(departmentCode) } },
      { departmentCode: String(departmentCode), ordinal: { $gt: Number(ordinal) || 0 } },
    ],
  };
}
