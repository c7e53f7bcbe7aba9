import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import {
  APPLICATION_CHANNELS,
  type ApplicationChannel,
  CASE_STAGES,
  type CaseStage,
  DECISION_OUTCOMES,
  type DecisionOutcome,
  DISPATCH_STATES,
  type DispatchState,
} from './enums.js';

@Directive('@key(fields: "number departmentCode")')
@ObjectType({
  description: '办件,即已受理并在办理中的申请(省级台账)。An accepted application being handled, as the provincial ledger has it.',
})
export class Case {
  @Field(() => ID, { description: '统一受理编号。The unified acceptance number.' }) number!: string;
  @Field(() => ID, { description: '承办部门编码。The department that handles it.' }) departmentCode!: string;
  @Field(() => APPLICATION_CHANNELS, { description: '申请渠道。How the application was handed in.' }) channel!: ApplicationChannel;
  @Field(() => Date, { description: '受理时间。When it was accepted.' }) acceptedAt!: Date;
  @Field(() => CASE_STAGES, { description: '所处阶段。The stage it is in.' }) stage!: CaseStage;
  @Field(() => DECISION_OUTCOMES, { nullable: true, description: '办理结果。How it was decided.' }) outcome!: DecisionOutcome | null;
  @Field(() => Date, { nullable: true, description: '决定时间。When it was decided.' }) decidedAt!: Date | null;
  @Field(() => String, { nullable: true, description: '证照或批文编号。The number of the certificate or document.' })
  certificateNumber!: string | null;
  @Field(() => Date, {
    nullable: true,
    description: '办结时间:送达,或撤回、终止之时。When it was closed: the result was delivered, or it was withdrawn or terminated.',
  })
  closedAt!: Date | null;
  @Field(() => Int, { description: '承诺时限(工作日)。The promised limit, in working days.' }) promisedDays!: number;
  @Field(() => Int, { description: '法定时限(工作日)。The statutory limit, in working days.' }) statutoryDays!: number;
  @Field(() => Date, {
    nullable: true,
    description:
      '承诺时限的到期时间,已扣除特别程序、计入延长;特别程序进行中为空。When the promised limit ends, without special procedures and with the extension; null while a special procedure is running.',
  })
  promisedDueAt!: Date | null;
  @Field(() => Date, {
    nullable: true,
    description:
      '法定时限的到期时间,已扣除特别程序、计入延长;特别程序进行中为空。When the statutory limit ends, without special procedures and with the extension; null while a special procedure is running.',
  })
  statutoryDueAt!: Date | null;
  @Field({
    description:
      '到期时间待定:所需年度的放假通知尚未发布。Whether a due date is null because the holiday notice of its year is not out yet; it is worked out once it is.',
  })
  dueDatesPending!: boolean;
}

@ObjectType({ description: '办件向部门的推送情况。How a case got to its department.' })
export class CaseDispatch {
  @Field(() => DISPATCH_STATES, { description: '推送状态。How far it got.' }) state!: DispatchState;
  @Field(() => Int, { description: '已尝试次数。How often it was tried.' }) attempts!: number;
  @Field(() => String, { nullable: true, description: '最近一次失败的错误码。The code of the last failure.' }) lastErrorCode!:
    | string
    | null;
  @Field(() => Date, { nullable: true, description: '下次尝试时间。When it is tried next.' }) nextAttemptAt!: Date | null;
  @Field(() => Date, { nullable: true, description: '送达部门时间。When the department had it.' }) deliveredAt!: Date | null;
}
