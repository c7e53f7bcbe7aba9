import { Arg, Ctx, Field, FieldResolver, ID, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { ServiceItem } from '../../../kit/schema/entity-keys.js';
import type { AcceptanceContext } from '../context.js';
import { discardDraft, ownDrafts, saveDraft, submitDraft } from '../drafts/drafts.js';
import type { DraftRow } from '../store/application-tables.js';
import { DiscardDraftInput, SaveDraftInput, SubmitDraftInput } from '../types/handling-inputs.js';
import { ApplicationDraft } from '../types/history.js';
import { SubmitApplicationPayload } from './application-resolver.js';

@ObjectType({ description: '草稿保存结果。What saving a draft led to.' })
export class SaveDraftPayload {
  @Field(() => ApplicationDraft, { description: '草稿。The draft.' }) draft!: ApplicationDraft;
}

@ObjectType({ description: '草稿删除结果。What throwing a draft away led to.' })
export class DiscardDraftPayload {
  @Field(() => ID, { description: '草稿编号。The draft.' }) id!: string;
  @Field({ description: '确有该草稿并已删除。Whether there was one.' }) discarded!: boolean;
}

@Resolver(() => ApplicationDraft)
export class DraftResolver {
  @Query(() => [ApplicationDraft], {
    nullable: true,
    description: '本人的草稿,最近保存在前,至多100份。Your own drafts, latest first, at most 100.',
  })
  drafts(@Ctx() { ledger, caller }: AcceptanceContext): Promise<DraftRow[]> {
    return ownDrafts(ledger, caller);
  }

  @Mutation(() => SaveDraftPayload, {
    description: '保存草稿,提交之前不作核验。Saves a draft, which is not checked before it is handed in.',
  })
  async saveDraft(@Arg('input', () => SaveDraftInput) input: SaveDraftInput, @Ctx() { ledger, caller }: AcceptanceContext) {
    return { draft: await saveDraft(ledger, caller, input) };
  }

  @Mutation(() => SubmitApplicationPayload, {
    description: '提交草稿;重复提交得到同一申请。Hands a draft in; a repeat answers with the same application.',
  })
  async submitDraft(@Arg('input', () => SubmitDraftInput) { id }: SubmitDraftInput, @Ctx() { ledger, caller }: AcceptanceContext) {
    return { application: await submitDraft(ledger, caller, id) };
  }

  @Mutation(() => DiscardDraftPayload, { description: '删除草稿。Throws a draft away.' })
  async discardDraft(@Arg('input', () => DiscardDraftInput) { id }: DiscardDraftInput, @Ctx() { ledger, caller }: AcceptanceContext) {
    return { id, discarded: await discardDraft(ledger, caller, id) };
  }

  @FieldResolver(() => String)
  content(@Root() { content }: DraftRow): string {
    return JSON.stringify(content);
  }

  @FieldResolver(() => ServiceItem, { description: '拟申请的事项。The item to be applied for.' })
  item(@Root() { itemCode, departmentCode }: DraftRow): ServiceItem {
    return { code: itemCode, departmentCode };
  }
}
