import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { AcceptanceContext } from '../context.js';
import { correctApplication } from '../correction/correct-application.js';
import { refuseAcceptance } from '../decision/refuse-acceptance.js';
import { withdrawApplication } from '../decision/withdraw-application.js';
import { giveNotice } from '../notice/give-notice.js';
import { Application } from '../types/application.js';
import { CorrectApplicationInput, GiveNoticeInput, RefuseAcceptanceInput, WithdrawApplicationInput } from '../types/handling-inputs.js';

@ObjectType({ description: '申请办理结果。What was done to an application.' })
export class HandleApplicationPayload {
  @Field(() => Application, { description: '申请。The application.' }) application!: Application;
}

/** What becomes of an application besides acceptance. */
@Resolver()
export class HandlingResolver {
  @Mutation(() => HandleApplicationPayload, {
    description:
      '一次性告知须补正的全部内容(第十七条)。须有综合窗口身份;再次告知将作为异常记录。Tells at once everything that has to be corrected (Art. 17). For windows; a second notice is recorded as an anomaly.',
  })
  async giveNotice(@Arg('input', () => GiveNoticeInput) input: GiveNoticeInput, @Ctx() { ledger, caller }: AcceptanceContext) {
    return { application: await giveNotice(ledger, caller, input) };
  }

  @Mutation(() => HandleApplicationPayload, {
    description:
      '补正并继续同一申请。申请人本人或综合窗口。Corrects an application, which goes on as the same. For its applicant and windows.',
  })
  async correctApplication(
    @Arg('input', () => CorrectApplicationInput) input: CorrectApplicationInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { application: await correctApplication(ledger, caller, input) };
  }

  @Mutation(() => HandleApplicationPayload, {
    description: '不予受理,书面说明理由和有权机关。须有综合窗口身份。Refuses acceptance, with reasons and who is competent. For windows.',
  })
  async refuseAcceptance(
    @Arg('input', () => RefuseAcceptanceInput) input: RefuseAcceptanceInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { application: await refuseAcceptance(ledger, caller, input) };
  }

  @Mutation(() => HandleApplicationPayload, {
    description: '受理前撤回申请。申请人本人或综合窗口。Withdraws an application before it is accepted. For its applicant and windows.',
  })
  async withdrawApplication(
    @Arg('input', () => WithdrawApplicationInput) { applicationId }: WithdrawApplicationInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ) {
    return { application: await withdrawApplication(ledger, caller, applicationId) };
  }
}
