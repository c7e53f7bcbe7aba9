import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { type Connection, connection, decodePosition, encodePosition, pageSize } from '../../../kit/schema/connection.js';
import { Department } from '../department.js';
import { publishRequest } from '../publish-input.js';
import { graphChange } from '../publishing/graph-change.js';
import { Publication, PublicationConnection, PublishDepartmentInput, PublishDepartmentPayload } from '../publishing/publication-types.js';
import { requireDepartment, requireMember } from '../registry-access.js';
import type { RegistryContext } from '../registry-context.js';
import { type DepartmentRow, type PublicationRow, publications } from '../tables.js';

const LIST = 'publications';

@Resolver(() => Publication)
export class PublicationResolver {
  @Query(() => Publication, { nullable: true, description: '按编号查询发布。A publication by its number.' })
  publication(
    @Arg('number', () => Int) number: number,
    @Ctx() { caller, publicationByNumber }: RegistryContext,
  ): Promise<PublicationRow | null> {
    requireMember(caller);
    return publicationByNumber.load(number);
  }

  @Mutation(() => PublishDepartmentPayload, {
    description:
      '部门发布:契约、合成、在用字段、端点四项检查全部通过才生效,否则一切不变。A department publishes: contract, composition, clients and endpoint are checked, and then all of it comes into force, or nothing changes.',
  })
  async publishDepartment(
    @Arg('input', () => PublishDepartmentInput) input: PublishDepartmentInput,
    @Ctx() { caller, publisher, departmentByCode }: RegistryContext,
  ): Promise<PublishDepartmentPayload> {
    requireDepartment(caller, input.departmentCode);
    const known = await departmentByCode.load(input.departmentCode);
    const { outcome, checks, changes, baseVersion, next } = await publisher.publish(publishRequest(input, known, caller.subject));
    return {
      outcome,
      checks: checks as PublishDepartmentPayload['checks'],
      changes: changes?.map(graphChange) ?? null,
      baseVersion,
      supergraphVersion: next ?? null,
    };
  }

  @FieldResolver(() => String)
  subgraph(@Root() { name }: PublicationRow): string {
    return name;
  }

  @FieldResolver(() => String, { description: '所发布的 SDL。The SDL it published.' })
  async sdl(@Root() { sdlHash }: PublicationRow, @Ctx() { sdlByHash }: RegistryContext): Promise<string> {
    return (await sdlByHash.load(sdlHash)) ?? '';
  }

  @FieldResolver()
  overridden(@Root() { overridden }: PublicationRow): Publication['overridden'] {
    return overridden?.map(graphChange) ?? null;
  }
}

@Resolver(() => Department)
export class DepartmentPublicationsResolver {
  @FieldResolver(() => PublicationConnection, {
    nullable: true,
    description: '发布记录,新的在前;仅成员可见。What it published, newest first; for members of the platform.',
  })
  async publications(
    @Arg('first', () => Int, { defaultValue: 20 }) first: number,
    @Arg('after', () => String, { nullable: true }) after: string | null,
    @Root() { code }: DepartmentRow,
    @Ctx() { caller, store }: RegistryContext,
  ): Promise<Connection<PublicationRow>> {
    requireMember(caller);
    const where = { kind: 'department' as const, name: code };
    const [before] = after == null ? [] : decodePosition(LIST, after, 1);
    if (before !== undefined && typeof before !== 'number')
      throw new CataloguedError('CURSOR_INVALID', '`after` is no cursor of this list');
    // a province has some sixty departments, each asked for its own page at most
    const rows = await store
      .fork()
      .find(
        publications,
        { ...where, ...(before !== undefined && { number: { $lt: before } }) },
        { orderBy: { number: 'desc' }, limit: pageSize(first) + 1 },
      );
    return connection(
      rows,
      first,
      ({ number }) => encodePosition(LIST, [number]),
      () => store.fork().count(publications, where),
    );
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: '联系方式;仅成员可见。How its engineers are reached; for members of the platform.',
  })
  contact(@Root() { contact }: DepartmentRow, @Ctx() { caller }: RegistryContext): string | null {
    requireMember(caller);
    return contact ?? null;
  }
}
