import { Arg, Ctx, Directive, Field, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { FieldUsage } from '../publishing/publication-types.js';
import { requireMember } from '../registry-access.js';
import type { RegistryContext } from '../registry-context.js';
import { type FieldUse, usesOf } from '../usage/field-use.js';
import { recordUsage } from '../usage/record-usage.js';
import { OperationUsageInput, ReportUsagePayload } from '../usage/usage-types.js';

const REPORT_LIMIT = 2_000;
const ASKED_LIMIT = 200;

@ObjectType({ description: '成员使用情况。Who used a member of the graph within the window.' })
export class MemberUsage {
  @Field({ description: '成员坐标,如 `Case.decision`、`Query.cases.first`。The member’s coordinate.' }) coordinate!: string;
  @Field(() => [FieldUsage], { description: '使用记录,多者在前。Its uses, most frequent first.' }) uses!: FieldUse[];
}

@Resolver()
export class UsageResolver {
  @Query(() => [MemberUsage], {
    nullable: true,
    description: '成员在窗口期内的使用情况;仅成员单位可见。Who used these members within the window; for members of the platform.',
  })
  async memberUsage(
    @Arg('coordinates', () => [String]) coordinates: string[],
    @Ctx() { caller, store, core }: RegistryContext,
  ): Promise<MemberUsage[]> {
    requireMember(caller);
    if (coordinates.length > ASKED_LIMIT) throw new CataloguedError('BAD_USER_INPUT', `coordinates may have ${ASKED_LIMIT} entries`);
    const uses = await usesOf(store.fork(), coordinates, core.usedSince());
    return coordinates.map((coordinate) => ({ coordinate, uses: uses.get(coordinate) ?? [] }));
  }

  @Directive('@inaccessible')
  @Mutation(() => ReportUsagePayload, {
    description: '网关上报字段使用情况。A gateway reports which fields clients used; a lost report costs nothing but its counts.',
  })
  async reportUsage(
    @Arg('operations', () => [OperationUsageInput]) operations: OperationUsageInput[],
    @Ctx() { caller, store }: RegistryContext,
  ): Promise<ReportUsagePayload> {
    requireRole(caller, 'platform');
    if (operations.length > REPORT_LIMIT) throw new CataloguedError('BAD_USER_INPUT', `a report may have ${REPORT_LIMIT} operations`);
    await recordUsage(store, operations);
    return { taken: operations.length };
  }
}
