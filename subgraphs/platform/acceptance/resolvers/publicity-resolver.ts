import { Arg, Ctx, Field, FieldResolver, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { type Connection, connectionType } from '../../../kit/schema/connection.js';
import { Department, ServiceItem } from '../../../kit/schema/entity-keys.js';
import type { AcceptanceContext } from '../context.js';
import { type PublishedResult, publicResults } from '../publicity/public-results.js';
import { publishResults, withholdResults } from '../publicity/withhold-results.js';
import { type WithholdingRow, withholdings } from '../store/file-tables.js';
import { PublicResult, PublicResultFilter, PublishResultsInput, WithheldItem, WithholdResultsInput } from '../types/publicity.js';

export const PublicResultConnection = connectionType('PublicResult', PublicResult);

@ObjectType({ description: '不予公开的设定结果。What withholding led to.' })
export class WithholdResultsPayload {
  @Field(() => WithheldItem, { description: '不予公开的事项。The item that is withheld.' }) withheldItem!: WithheldItem;
}

@ObjectType({ description: '恢复公开的结果。What publishing again led to.' })
export class PublishResultsPayload {
  @Field({ description: '此前确为不予公开。Whether the results were withheld before.' }) wasWithheld!: boolean;
}

@Resolver(() => PublicResult)
export class PublicityResolver {
  @Query(() => PublicResultConnection, {
    nullable: true,
    description:
      '办理结果公开(第二十四条),任何人可查,最近决定在前;不含个人信息。Results as published (Art. 24), for anybody, latest first; never personal data.',
  })
  publicResults(
    @Ctx() { ledger }: AcceptanceContext,
    @Arg('first', () => Int, { defaultValue: 20, description: '每页至多200。At most 200.' }) first: number,
    @Arg('filter', () => PublicResultFilter, { nullable: true }) filter?: PublicResultFilter | null,
    @Arg('after', () => String, { nullable: true, description: '上一页的 endCursor。The `endCursor` of the page before.' }) after?:
      | string
      | null,
  ): Promise<Connection<PublishedResult>> {
    return publicResults(ledger, { filter: filter ?? {}, first, after });
  }

  @Query(() => [WithheldItem], {
    nullable: true,
    description: '结果不予公开的事项及理由,任何人可查。Items whose results are withheld, and why; for anybody.',
  })
  withheldItems(@Ctx() { ledger }: AcceptanceContext): Promise<WithholdingRow[]> {
    return ledger.store.fork().find(withholdings, {}, { orderBy: { departmentCode: 'asc', itemCode: 'asc' }, disableIdentityMap: true });
  }

  @Mutation(() => WithholdResultsPayload, {
    description: '不予公开某事项的结果。省审改部门或省大数据中心。Withholds the results of an item. For the Bureau and the Centre.',
  })
  async withholdResults(
    @Arg('input', () => WithholdResultsInput) input: WithholdResultsInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { withheldItem: await withholdResults(ledger, caller, input) };
  }

  @Mutation(() => PublishResultsPayload, {
    description: '恢复公开某事项的结果。Publishes the results of an item again. For the Bureau and the Centre.',
  })
  async publishResults(
    @Arg('input', () => PublishResultsInput) { departmentCode, itemCode }: PublishResultsInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { wasWithheld: await publishResults(ledger, caller, departmentCode, itemCode) };
  }

  @FieldResolver(() => Department, { description: '承办部门。The department.' })
  department(@Root() { departmentCode }: PublishedResult): Department {
    return { code: departmentCode };
  }

  @FieldResolver(() => ServiceItem, { description: '事项。The item.' })
  item(@Root() { itemCode, departmentCode }: PublishedResult): ServiceItem {
    return { code: itemCode, departmentCode };
  }
}

@Resolver(() => WithheldItem)
export class WithheldItemResolver {
  @FieldResolver(() => ServiceItem, { description: '事项。The item.' })
  item(@Root() { itemCode, departmentCode }: WithholdingRow): ServiceItem {
    return { code: itemCode, departmentCode };
  }
}
