import { Arg, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { CalendarDay } from '../../../kit/schema/scalars.js';
import { loadNotice } from '../calendar/load-notice.js';
import type { AcceptanceContext } from '../context.js';

@InputType({ description: '国务院办公厅放假通知。The State Council’s yearly holiday notice.' })
export class HolidayNoticeInput {
  @Field(() => Int, { description: '年度;所列日期均须在该年。The year, in which every day listed must lie.' }) year!: number;
  @Field({ description: '文号或标题。Its number or title.' }) source!: string;
  @Field(() => [CalendarDay], { description: '放假日。Days off.' }) holidays!: string[];
  @Field(() => [CalendarDay], { description: '调休上班的周末。Weekend days that are worked.' }) workdays!: string[];
}

@ObjectType({ description: '载入放假通知的结果。What loading a holiday notice led to.' })
export class LoadHolidayNoticePayload {
  @Field(() => Int, { description: '年度。The year.' }) year!: number;
  @Field(() => [Int], { description: '现已覆盖的年度。The years that are covered now.' }) coveredYears!: number[];
}

@Resolver()
export class CalendarResolver {
  @Query(() => [Int], {
    nullable: true,
    description: '工作日历覆盖的年度;其外的日期从不推测。The years that the working calendar covers; a day outside them is never guessed.',
  })
  calendarYears(@Ctx() { ledger }: AcceptanceContext): number[] {
    return ledger.calendar.coveredYears;
  }

  @Mutation(() => LoadHolidayNoticePayload, {
    description:
      '载入官方放假通知,即时生效并重新计算到期时间。须有审批政务信息管理局或管理员身份。Loads an official holiday notice. It is in force at once, and due dates are worked out anew. For the Bureau and administrators.',
  })
  async loadHolidayNotice(
    @Arg('input', () => HolidayNoticeInput) { year, source, holidays, workdays }: HolidayNoticeInput,
    @Ctx() { ledger, caller }: AcceptanceContext,
  ): Promise<LoadHolidayNoticePayload> {
    await loadNotice(ledger, caller, { year, source, holidays, workdays });
    return { year, coveredYears: [...new Set([...ledger.calendar.coveredYears, year])].sort((a, b) => a - b) };
  }
}
