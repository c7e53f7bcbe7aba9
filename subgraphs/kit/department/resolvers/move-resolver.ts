import { Arg, Args, ArgsType, Ctx, Field, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { DepartmentContext } from '../department-context.js';
import { decide } from '../moves/decide.js';
import { deliverResult } from '../moves/deliver-result.js';
import { extendLimit } from '../moves/extend-limit.js';
import { issueCertificate } from '../moves/issue-certificate.js';
import { moveCase } from '../moves/move-case.js';
import { finishSpecialProcedure, startSpecialProcedure } from '../moves/special-procedures.js';
import { finishStep, startStep } from '../moves/steps.js';
import { Case } from '../types/case.js';
import { DecisionOutcome, DeliveryChannel, SpecialProcedureKind } from '../types/case-enums.js';

@ArgsType()
class CaseArgs {
  @Field(() => ID) departmentCode!: string;
  @Field(() => ID) caseNumber!: string;
}

/** What officers of the department do with a case. */
@Resolver()
export class MoveResolver {
  @Mutation(() => Case, { nullable: true, description: '开始环节。An officer starts a step.' })
  startStep(@Args(() => CaseArgs) of: CaseArgs, @Arg('stepCode', () => ID) stepCode: string, @Ctx() context: DepartmentContext) {
    return moveCase(context, of, 'startStep', startStep(stepCode));
  }

  @Mutation(() => Case, { nullable: true, description: '完成环节并填写意见。An officer finishes a step with an opinion.' })
  finishStep(
    @Args(() => CaseArgs) of: CaseArgs,
    @Arg('stepCode', () => ID) stepCode: string,
    @Arg('opinion') opinion: string,
    @Ctx() context: DepartmentContext,
  ) {
    return moveCase(context, of, 'finishStep', finishStep(stepCode, opinion));
  }

  @Mutation(() => Case, { nullable: true, description: '启动特别程序,时限暂停。A special procedure starts; the clock stops.' })
  startSpecialProcedure(
    @Args(() => CaseArgs) of: CaseArgs,
    @Arg('kind', () => SpecialProcedureKind) kind: SpecialProcedureKind,
    @Arg('reason') reason: string,
    @Arg('expectedDays', () => Int, { nullable: true }) expectedDays: number | null,
    @Ctx() context: DepartmentContext,
  ) {
    return moveCase(context, of, 'startSpecialProcedure', startSpecialProcedure(kind, reason, expectedDays ?? null));
  }

  @Mutation(() => Case, { nullable: true, description: '结束特别程序,时限继续。A special procedure ends; the clock runs on.' })
  finishSpecialProcedure(
    @Args(() => CaseArgs) of: CaseArgs,
    @Arg('kind', () => SpecialProcedureKind) kind: SpecialProcedureKind,
    @Ctx() context: DepartmentContext,
  ) {
    return moveCase(context, of, 'finishSpecialProcedure', finishSpecialProcedure(kind));
  }

  @Mutation(() => Case, { nullable: true, description: '延长办理期限一次。The limit is extended, once.' })
  extendLimit(
    @Args(() => CaseArgs) of: CaseArgs,
    @Arg('days', () => Int) days: number,
    @Arg('reason') reason: string,
    @Ctx() context: DepartmentContext,
  ) {
    return moveCase(context, of, 'extendLimit', extendLimit(days, reason));
  }

  @Mutation(() => Case, {
    nullable: true,
    description: '作出决定,须引用审查细则版本。The decision, citing the review rules it applied.',
  })
  decide(
    @Args(() => CaseArgs) of: CaseArgs,
    @Arg('outcome', () => DecisionOutcome) outcome: DecisionOutcome,
    @Arg('reasons', () => String, { nullable: true }) reasons: string | null,
    @Arg('reviewRuleVersion', () => Int) reviewRuleVersion: number,
    @Ctx() context: DepartmentContext,
  ) {
    return moveCase(context, of, 'decide', decide(context.department, { outcome, reasons: reasons ?? null, reviewRuleVersion }));
  }

  @Mutation(() => Case, { nullable: true, description: '制发证照。The certificate is issued.' })
  issueCertificate(@Args(() => CaseArgs) of: CaseArgs, @Arg('electronic') electronic: boolean, @Ctx() context: DepartmentContext) {
    return moveCase(context, of, 'issueCertificate', issueCertificate(context.department, electronic));
  }

  @Mutation(() => Case, { nullable: true, description: '送达结果。The result reaches the applicant.' })
  deliverResult(
    @Args(() => CaseArgs) of: CaseArgs,
    @Arg('channel', () => DeliveryChannel) channel: DeliveryChannel,
    @Arg('trackingNumber', () => String, { nullable: true }) trackingNumber: string | null,
    @Ctx() context: DepartmentContext,
  ) {
    return moveCase(context, of, 'deliverResult', deliverResult(channel, trackingNumber ?? null));
  }
}
