import { Arg, Ctx, Directive, FieldResolver, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { type Connection, connectionType } from '../../../kit/schema/connection.js';
import { ServiceItem } from '../../../kit/schema/entity-keys.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import { requireIdentity } from '../access/row-guard.js';
import { type AcceptanceContext, visibleApplication, visibleCase } from '../context.js';
import { audiencesOf } from '../inbox/audiences.js';
import { countInbox, countOverdue, readInbox } from '../inbox/read-inbox.js';
import { watchInbox } from '../inbox/watch-inbox.js';
import type { InboxRow } from '../store/tables.js';
import { Application } from '../types/application.js';
import { Case } from '../types/case.js';
import { InboxChange, InboxCounts, InboxItem } from '../types/inbox.js';

export const InboxItemConnection = connectionType('InboxItem', InboxItem);

async function counts({ ledger, caller }: AcceptanceContext): Promise<InboxCounts> {
  const audiences = audiencesOf(caller);
  const [byKind, overdue] = await Promise.all([countInbox(ledger, audiences), countOverdue(ledger, audiences, ledger.clock())]);
  return { total: byKind.reduce((sum, { waiting }) => sum + waiting, 0), overdue, byKind };
}

@Resolver(() => InboxItem)
export class InboxResolver {
  @Query(() => InboxItemConnection, {
    nullable: true,
    description:
      '我的待办,先到期者在前:窗口为待受理的申请,部门为待办理的办件,申请人为待补正的告知。What waits for you, what is due first first: applications for the windows, cases for a department, notices for an applicant.',
  })
  inbox(
    @Ctx() { ledger, caller }: AcceptanceContext,
    @Arg('first', () => Int, { defaultValue: 20, description: '每页至多200。At most 200.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: '上一页的 endCursor。The `endCursor` of the page before.' }) after?:
      | string
      | null,
  ): Promise<Connection<InboxRow>> {
    return readInbox(ledger, caller, first, after);
  }

  @Query(() => InboxCounts, { nullable: true, description: '我的待办数量。How much waits for you.' })
  async inboxCounts(@Ctx() context: AcceptanceContext): Promise<InboxCounts> {
    requireIdentity(context.caller);
    return counts(context);
  }

  @Directive('@eventCursor(argument: "after", field: "cursor", start: "caseProgressCursor")')
  // windows share an inbox, and so do the officers of a department; an applicant's is a person's own
  @Directive('@sharedFor(roles: ["window", "monitor", "centre", "bureau", "department:*"])')
  @Subscription(() => InboxChange, {
    description:
      '待办变动:自 `after` 之后,未给出时自订阅之时起。Changes of what waits for you: after `after`, or from the moment of subscribing.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: AcceptanceContext }) =>
      watchInbox(context.ledger, context.caller, args.after) as never,
  })
  inboxChanged(
    @Root() event: FeedEvent,
    @Ctx() { ledger }: AcceptanceContext,
    @Arg('after', () => Cursor, { nullable: true, description: '最后收到的游标。The last cursor received.' }) _after?: string | null,
  ): InboxChange {
    return { cursor: ledger.feed.cursorOf(event), occurredAt: event.occurredAt };
  }

  @FieldResolver(() => ServiceItem, { description: '事项。The item.' })
  item(@Root() { itemCode, departmentCode }: InboxRow): ServiceItem {
    return { code: itemCode, departmentCode };
  }

  @FieldResolver(() => Case, { nullable: true, description: '办件;待受理或待补正时为空。The case; null before there is one.' })
  async case(@Root() { id }: InboxRow, @Ctx() context: AcceptanceContext) {
    return id.startsWith('case:') ? visibleCase(context, id.slice('case:'.length)) : null;
  }

  @FieldResolver(() => Application, { nullable: true, description: '申请;已成办件时为空。The application; null once it is a case.' })
  async application(@Root() { id }: InboxRow, @Ctx() context: AcceptanceContext) {
    return id.startsWith('application:') ? visibleApplication(context, id.slice('application:'.length)) : null;
  }
}

@Resolver(() => InboxChange)
export class InboxChangeResolver {
  @FieldResolver(() => InboxCounts, { description: '变动后的数量。How much waits after it.' })
  counts(@Ctx() context: AcceptanceContext): Promise<InboxCounts> {
    return counts(context);
  }
}
