import { Arg, Ctx, ID, Int, Mutation, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { FeedEvent } from '../../feed/event-feed.js';
import { pageSize } from '../../schema/connection.js';
import { Cursor } from '../../schema/scalars.js';
import { caseEventOf } from '../case-event.js';
import { type DepartmentContext, requirePlatform } from '../department-context.js';
import { receiveCase } from '../receive-case.js';
import { AcceptedCaseInput, ReceiveCasePayload } from '../types/accepted-case.js';
import { CaseEvent } from '../types/case-event.js';

interface FeedArguments {
  departmentCode: string;
  after?: string | null;
}

/** The two-way link with the platform (Arts. 10, 19): cases come down, events go up. */
@Resolver()
export class FeedResolver {
  @Mutation(() => ReceiveCasePayload, {
    description:
      '平台推送已受理办件,按办件编号幂等。Platform to department: an accepted case with its materials. Idempotent by case number.',
  })
  receiveCase(
    @Arg('departmentCode', () => ID) departmentCode: string,
    @Arg('input', () => AcceptedCaseInput) input: AcceptedCaseInput,
    @Ctx() context: DepartmentContext,
  ): Promise<ReceiveCasePayload> {
    return receiveCase(context, departmentCode, input);
  }

  @Query(() => [CaseEvent], {
    description: "分页读取的事件流,供不能保持连接者使用。The feed as pages, for a consumer that can't hold a socket.",
  })
  async caseEventPage(
    @Arg('departmentCode', () => ID) departmentCode: string,
    @Arg('after', () => Cursor, { nullable: true }) after: string | null,
    @Arg('first', () => Int, { nullable: true, defaultValue: 100 }) first: number | null,
    @Ctx() context: DepartmentContext,
  ): Promise<CaseEvent[]> {
    requirePlatform(context, departmentCode);
    const events = await context.feed.page({ after, filter: { scope: departmentCode } }, pageSize(first ?? 100));
    return events.map((event) => caseEventOf(context.feed, event));
  }

  @Subscription(() => CaseEvent, {
    description:
      '部门至平台的事件流:先补发 `after` 之后的事件,再实时推送,不缺不重,按序到达。Department to platform: every event after `after`, from the store, then live, without a gap and in order.',
    subscribe: ({ args, context }: { args: FeedArguments; context: DepartmentContext }) => {
      requirePlatform(context, args.departmentCode);
      return context.feed.follow({ after: args.after, filter: { scope: args.departmentCode } });
    },
  })
  caseEvents(
    @Arg('departmentCode', () => ID) _departmentCode: string,
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() event: FeedEvent,
    @Ctx() { feed }: DepartmentContext,
  ): CaseEvent {
    return caseEventOf(feed, event);
  }
}
