import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { CalendarDay } from '../../../kit/schema/scalars.js';
import { FIGURE_GROUPS, type FigureGroup } from './enums.js';

@InputType({ description: '统计条件。Which figures to ask for.' })
export class CaseFiguresInput {
  @Field(() => CalendarDay, { description: '起始日。The first day.' }) from!: string;
  @Field(() => CalendarDay, { description: '截止日,含当日;区间至多366日。The last day, included; 366 days at most.' }) to!: string;
  @Field(() => ID, { nullable: true, description: '部门编码。Of this department.' }) departmentCode?: string | null;
  @Field(() => ID, { nullable: true, description: '事项编码。Of this item.' }) itemCode?: string | null;
  @Field(() => String, { nullable: true, description: '渠道:ONLINE、WINDOW 或 POST。Of this channel.' }) channel?: string | null;
  @Field(() => [FIGURE_GROUPS], { defaultValue: [], description: '统计维度,可多个。By what to tell them apart; several together.' })
  groupBy!: FigureGroup[];
}

@ObjectType({ description: '办件统计。Figures of cases.' })
export class CaseFigure {
  @Field(() => ID, { nullable: true, description: '部门编码,按部门或事项统计时。The department, when told apart by it.' })
  departmentCode!: string | null;
  @Field(() => ID, { nullable: true, description: '事项编码,按事项统计时。The item, when told apart by it.' }) itemCode!: string | null;
  @Field(() => String, { nullable: true, description: '渠道,按渠道统计时。The channel, when told apart by it.' }) channel!: string | null;
  @Field(() => String, { nullable: true, description: '日(YYYY-MM-DD)或月(YYYY-MM)。The day or month, when told apart by it.' })
  period!: string | null;
  @Field(() => Int, { description: '受理数。Accepted.' }) accepted!: number;
  @Field(() => Int, { description: '办结数,含撤回和终止。Decided, withdrawn and terminated ones included.' }) decided!: number;
  @Field(() => Int, { description: '批准数。Approved.' }) approved!: number;
  @Field(() => Int, { description: '不予批准数。Refused.' }) refused!: number;
  @Field(() => Int, { description: '承诺时限内作出决定的数量。Approved or refused within the promised limit.' }) onTime!: number;
  @Field(() => Float, {
    nullable: true,
    description:
      '按时率,0至1:承诺时限内决定数占批准与不予批准之和。The share of decisions within the promised limit, 0 to 1; null without any.',
  })
  onTimeRate!: number | null;
  @Field(() => Float, { nullable: true, description: '法定时限内的比率。The same, of the statutory limit.' }) lawfulRate!: number | null;
  @Field(() => Float, { nullable: true, description: '平均办理工作日。Working days used, on average.' }) meanWorkingDays!: number | null;
  @Field(() => Float, { nullable: true, description: '平均承诺时限(工作日)。The promised limit, on average.' })
  meanPromisedDays!: number | null;
  @Field(() => Float, { nullable: true, description: '平均法定时限(工作日)。The statutory limit, on average.' })
  meanStatutoryDays!: number | null;
}

@ObjectType({ description: '当日工作量。The load of today.' })
export class TodaysLoad {
  @Field(() => CalendarDay, { description: '当日(中国)。Today in China.' }) day!: string;
  @Field(() => Int, { description: '当日受理数。Accepted today.' }) accepted!: number;
  @Field(() => Int, { description: '当日办结数。Decided today.' }) decided!: number;
  @Field(() => Int, { description: '在办数。In hand now.' }) inHand!: number;
}

@ObjectType({ description: '办件统计结果。Figures of cases, from sums that are kept with every event.' })
export class CaseFigures {
  @Field(() => [CaseFigure], { description: '按维度分列。Told apart as asked.' }) rows!: CaseFigure[];
  @Field(() => CaseFigure, { description: '合计。All together.' }) total!: CaseFigure;
  @Field(() => TodaysLoad, { description: '当日工作量。The load of today.' }) today!: TodaysLoad;
}
