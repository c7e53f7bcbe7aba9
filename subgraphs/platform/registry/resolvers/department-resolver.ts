import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Department } from '../department.js';
import type { RegistryContext } from '../registry-context.js';
import { type DepartmentRow, departments } from '../tables.js';

@Resolver(() => Department)
export class DepartmentResolver {
  // no pages: a province has some sixty departments, and every client wants them all
  @Query(() => [Department], { description: '全部接入部门,按编码排序。Every department in the graph, sorted by code.' })
  departments(@Ctx() { store }: RegistryContext): Promise<DepartmentRow[]> {
    return store.fork().find(departments, {}, { orderBy: { code: 'asc' } });
  }

  @Query(() => Department, {
    nullable: true,
    description: '按编码查询部门;不存在时为空。A department by its code; null when there is none.',
  })
  department(
    @Arg('code', () => ID, { description: '部门编码。Its code.' }) code: string,
    @Ctx() { departmentByCode }: RegistryContext,
  ): Promise<DepartmentRow | null> {
    return departmentByCode.load(code);
  }
}
