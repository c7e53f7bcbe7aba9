import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { type Connection, connection, decodePosition, encodePosition, pageSize } from '../../../kit/schema/connection.js';
import type { CatalogContext } from '../catalog-context.js';
import { itemsAfter, itemsWhere } from '../item-search.js';
import { type ServiceItemRow, serviceItems } from '../tables.js';
import { Department, ServiceItem, ServiceItemConnection } from '../types/service-item.js';
import { ServiceItemFilter } from '../types/service-item-filter.js';

const LIST = 'serviceItems';

@Resolver(() => ServiceItem)
export class ServiceItemResolver {
  @Query(() => ServiceItemConnection, {
    nullable: true,
    description: '事项目录(第二十四条),按部门和编码排序。The public directory of items (Art. 24), sorted by department and code.',
  })
  async serviceItems(
    @Arg('filter', () => ServiceItemFilter, { nullable: true, description: '筛选条件;缺省只列在用事项。Offered items only when left out.' })
    filter: ServiceItemFilter | null,
    @Arg('first', () => Int, { defaultValue: 20, description: '每页条数,1 至 200。How many, 1 to 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: '上一页的 `endCursor`。The `endCursor` of the page before.' })
    after: string | null,
    @Ctx() { store }: CatalogContext,
  ): Promise<Connection<ServiceItemRow>> {
    const size = pageSize(first);
    const from = after == null ? {} : itemsAfter(...(decodePosition(LIST, after, 2).map(String) as [string, string]));
    const rows = await store
      .fork()
      .find(
        serviceItems,
        { $and: [itemsWhere(filter), from] },
        { orderBy: { departmentCode: 'asc', code: 'asc' }, limit: size + 1, disableIdentityMap: true },
      );
    return connection(
      rows,
      size,
      ({ departmentCode, code }) => encodePosition(LIST, [departmentCode, code]),
      () => store.fork().count(serviceItems, itemsWhere(filter)),
    );
  }

  @Query(() => ServiceItem, {
    nullable: true,
    description: '按部门和编码查询事项,含已取消者;不存在时为空。An item by its key, retired ones too; null when there is none.',
  })
  serviceItem(
    @Arg('departmentCode', () => ID, { description: '部门编码。The department.' }) departmentCode: string,
    @Arg('code', () => ID, { description: '事项编码。The item.' }) code: string,
    @Ctx() { itemByKey }: CatalogContext,
  ): Promise<ServiceItemRow | null> {
    return itemByKey.load({ departmentCode, code });
  }

  @FieldResolver(() => Department, { description: '实施部门。The department that offers it.' })
  department(@Root() { departmentCode }: ServiceItemRow): Department {
    return { code: departmentCode };
  }
}
