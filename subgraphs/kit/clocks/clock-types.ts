import { Field, ID, Int, ObjectType } from 'type-graphql';
import { graphEnum } from '../schema/graph-enum.js';
import type { ClockKind, ClockState } from './clock.js';

export const CLOCK_KINDS = graphEnum('ClockKind', '时限类型。The limits that run.', {
  PROMISED: '承诺时限 the promised limit, from acceptance to the decision',
  STATUTORY: '法定时限 the statutory limit, from acceptance to the decision',
  STEP: '环节时限 the limit of one step',
  NOTICE: '告知时限,2个工作日(第十七条)the notice of what is missing, 2 working days (Art. 17)',
  NOTICE_STATUTORY: '法定告知时限,5日(行政许可法第三十二条)the same by law, 5 days (Administrative Licensing Law, Art. 32)',
  DELIVERY: '送达时限,10个工作日(行政许可法第四十四条)delivery, 10 working days (Administrative Licensing Law, Art. 44)',
}) satisfies Record<ClockKind, ClockKind>;

export const CLOCK_STATES = graphEnum('ClockState', '时限状态。How a limit stands.', {
  RUNNING: '计时中 inside the limit',
  PAUSED: '特别程序,暂停计时 a special procedure stops it',
  OVERDUE: '已逾期,尚未完成 past the limit, and not done',
  MET: '按时完成 done in time',
  MISSED: '逾期完成 done late',
  ENDED: '未逾期而终结:撤回或终止 ended in time for another reason: withdrawn or terminated',
}) satisfies Record<ClockState, ClockState>;

@ObjectType({ description: '一段暂停计时。A time in which the limits stood still.' })
export class ClockPause {
  @Field(() => Date, { description: '自。From.' }) from!: Date;
  @Field(() => Date, { nullable: true, description: '至;仍在进行时为空。To; null while it lasts.' }) to!: Date | null;
  @Field(() => [String], { description: '特别程序类型。The special procedures in it.' }) procedures!: readonly string[];
}

@ObjectType({ description: '一个时限的现状;天数均为工作日。How one limit stands; days are working days.' })
export class CaseClock {
  @Field(() => CLOCK_KINDS, { description: '时限类型。Which limit.' }) kind!: ClockKind;
  @Field(() => ID, { nullable: true, description: '环节编码。The step, of a step.' }) stepCode!: string | null;
  @Field(() => CLOCK_STATES, { description: '状态。How it stands.' }) state!: ClockState;
  @Field(() => Date, { description: '起算时间。When it began.' }) startedAt!: Date;
  @Field(() => Date, { nullable: true, description: '停止时间。When it stopped.' }) stoppedAt!: Date | null;
  @Field(() => Int, { description: '时限。The limit.' }) limitDays!: number;
  @Field(() => Int, { description: '延长的天数。What an extension added.' }) extendedDays!: number;
  @Field(() => Int, { nullable: true, description: '已用天数,含当日。Days used, today included.' }) elapsedDays!: number | null;
  @Field(() => Int, { nullable: true, description: '当日之后剩余天数。Days left after today.' }) remainingDays!: number | null;
  @Field(() => Int, { nullable: true, description: '逾期天数。Days past the limit.' }) lateDays!: number | null;
  @Field(() => Date, {
    nullable: true,
    description:
      '到期时间;特别程序进行中或日历未覆盖时为空。When it ends; null while a special procedure stops it, or beyond the calendar.',
  })
  dueAt!: Date | null;
  @Field(() => [ClockPause], { description: '暂停的时段,重叠者已合并。When it stood still; overlapping procedures are one.' })
  pauses!: readonly ClockPause[];
  @Field({ description: '所需年度的放假通知尚未载入。Whether a figure is null because the holiday notice of its year is not loaded.' })
  pending!: boolean;
}
