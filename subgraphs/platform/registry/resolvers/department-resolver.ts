import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { Department } from '../department.js';
import { DepartmentEndpoint } from '../drift/endpoint-types.js';
import type { EndpointObservationRow } from '../drift/tables.js';
import { text } from '../publish-input.js';
import { UpdateDepartmentInput } from '../publishing/publication-types.js';
import { requireDepartment, requireMember } from '../registry-access.js';
import type { RegistryContext } from '../registry-context.js';
import { type DepartmentRow, departments } from '../tables.js';

@Resolver(() => Department)
export class DepartmentResolver {
  // no pages: a province has some sixty departments, and every client wants them all
  @Query(() => [Department], { nullable: true, description: '全部接入部门,按编码排序。Every department in the graph, sorted by code.' })
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

  @FieldResolver(() => DepartmentEndpoint, {
    nullable: true,
    description:
      '端点状况;尚未检查时为空;仅成员可见。What its endpoint answers; null before it was first asked; for members of the platform.',
  })
  endpoint(@Root() { code }: DepartmentRow, @Ctx() { caller, observationByCode }: RegistryContext): Promise<EndpointObservationRow | null> {
    requireMember(caller);
    return observationByCode.load(code);
  }

  @Mutation(() => Department, { description: '变更部门资料。Changes who a department is; what it publishes stays.' })
  async updateDepartment(
    @Arg('input', () => UpdateDepartmentInput) { departmentCode, name, contact }: UpdateDepartmentInput,
    @Ctx() { caller, store }: RegistryContext,
  ): Promise<DepartmentRow> {
    requireDepartment(caller, departmentCode);
    const em = store.fork();
    const row = await em.findOne(departments, departmentCode);
    if (row === null) throw new CataloguedError('UNKNOWN_DEPARTMENT', `no department ${departmentCode} has published anything`);
    if (name != null) row.name = text('name', name, 200) ?? row.name;
    if (contact != null) row.contact = text('contact', contact, 200);
    await em.flush();
    return row;
  }
}
