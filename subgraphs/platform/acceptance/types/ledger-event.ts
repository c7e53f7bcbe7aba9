import { Directive, Field, ID, Int, ObjectType } from 'type-graphql';
import { CalendarDay, Cursor } from '../../../kit/schema/scalars.js';

@Directive('@inaccessible')
@ObjectType({ description: '放假通知。An official holiday notice, as a ledger event carries it.' })
export class LedgerCalendarNotice {
  @Field(() => Int, { description: '年度。The year.' }) year!: number;
  @Field({ description: '文号或标题。Its number or title.' }) source!: string;
  @Field(() => [CalendarDay], { description: '放假日。Days off.' }) holidays!: string[];
  @Field(() => [CalendarDay], { description: '调休上班日。Weekend days that are worked.' }) workdays!: string[];
}

/** What the platform's own followers learn. No personal data, and never public. */
@Directive('@inaccessible')
@ObjectType({ description: '台账事件,供平台内部跟随。An event of the ledger, for the platform to follow.' })
export class LedgerEvent {
  @Field(() => ID, { description: '重复的编号即同一事件。A repeat of an id is the same event.' }) id!: string;
  @Field(() => Cursor, { description: '在台账事件流中的位置。Its place in the feed.' }) cursor!: string;
  @Field(() => String, { description: '类型。What happened; kinds are added, and followers pass over those they do not know.' })
  kind!: string;
  @Field({ description: '发生时间。When it happened.' }) occurredAt!: Date;
  @Field({ description: '记入时间。When the ledger learnt of it.' }) recordedAt!: Date;
  @Field(() => ID, { description: '部门编码。The department.' }) departmentCode!: string;
  @Field(() => ID, { nullable: true, description: '事项编码。The item.' }) itemCode!: string | null;
  @Field(() => ID, { nullable: true, description: '统一受理编号。The case.' }) caseNumber!: string | null;
  @Field(() => ID, { nullable: true, description: '申请编号。The application.' }) applicationId!: string | null;
  @Field(() => String, { nullable: true, description: '申请渠道。The channel.' }) channel!: string | null;
  @Field(() => Date, { nullable: true, description: '提交时间。When it was handed in.' }) submittedAt!: Date | null;
  @Field(() => Int, { nullable: true, description: '承诺时限(工作日)。The promised limit, in working days.' }) promisedDays!: number | null;
  @Field(() => Int, { nullable: true, description: '法定时限(工作日)。The statutory limit, in working days.' }) statutoryDays!:
    | number
    | null;
  @Field(() => ID, { nullable: true, description: '环节编码。The step.' }) stepCode!: string | null;
  @Field(() => String, { nullable: true, description: '环节类型。The kind of step.' }) stepKind!: string | null;
  @Field(() => Int, { nullable: true, description: '环节时限(工作日)。Its limit, in working days.' }) stepLimitDays!: number | null;
  @Field(() => String, { nullable: true, description: '特别程序类型。The special procedure.' }) procedureKind!: string | null;
  @Field(() => Int, { nullable: true, description: '告知的所需天数。How many days the applicant was told.' }) expectedDays!: number | null;
  @Field(() => Int, { nullable: true, description: '延长的工作日。By how many working days it was extended.' }) extensionDays!:
    | number
    | null;
  @Field(() => String, { nullable: true, description: '办理结果。The outcome.' }) outcome!: string | null;
  @Field(() => Boolean, { nullable: true, description: '决定是否说明理由。Whether the decision gives reasons.' }) hasReasons!:
    | boolean
    | null;
  @Field(() => Int, { nullable: true, description: '所引细则版本。The review rules it cites.' }) reviewRuleVersion!: number | null;
  @Field(() => String, { nullable: true, description: '证照编号。The certificate.' }) certificateNumber!: string | null;
  @Field(() => String, { nullable: true, description: '送达方式。How it was delivered.' }) deliveryChannel!: string | null;
  @Field(() => Int, { nullable: true, description: '第几次告知。Which notice it is.' }) noticeOrdinal!: number | null;
  @Field(() => Boolean, { nullable: true, description: '是否复杂。Whether the application is complex.' }) complex!: boolean | null;
  @Field(() => LedgerCalendarNotice, { nullable: true, description: '所载入的放假通知。The notice that was loaded.' })
  calendarNotice!: LedgerCalendarNotice | null;
}
