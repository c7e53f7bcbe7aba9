import { Arg, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import { requireIdentity } from '../access/row-guard.js';
import { type AcceptanceContext, visibleCase } from '../context.js';
import { type ProgressWatch, startOfProgress, watchProgress } from '../progress/watch-progress.js';
import type { CaseRow, ProgressRow } from '../store/tables.js';
import { Case } from '../types/case.js';
import { PROGRESS_STARTS, type ProgressStart } from '../types/enums.js';
import { CaseProgressFilter } from '../types/inputs.js';
import { CaseProgress } from '../types/progress.js';

@Resolver(() => CaseProgress)
export class ProgressResolver {
  @Query(() => Cursor, {
    nullable: true,
    description:
      '订阅无 `after` 时的起点,通常即事件流当前的末端:先取得它,再查询列表,然后以其为 `after` 订阅,即不遗漏任何进展。Where a subscription without `after` would begin, as a rule where the feed ends now. Take it, then read a list, then subscribe after it: nothing is missed between.',
  })
  caseProgressCursor(
    @Ctx() { ledger, caller }: AcceptanceContext,
    @Arg('from', () => PROGRESS_STARTS, { nullable: true }) from?: ProgressStart | null,
    @Arg('caseNumber', () => ID, { nullable: true }) caseNumber?: string | null,
  ): Promise<string> {
    requireIdentity(caller);
    return startOfProgress(ledger.feed, { from, caseNumber });
  }

  @Directive('@eventCursor(argument: "after", field: "cursor", start: "caseProgressCursor")')
  // with these roles alone, what one sees of cases depends on nobody's person (see access/row-guard.ts)
  @Directive('@sharedFor(roles: ["window", "monitor", "centre", "bureau", "department:*"])')
  @Subscription(() => CaseProgress, {
    description:
      '办件进展:先补发起点之后的事件,再实时推送,不缺不重,按序到达。起点为 `after`;未给出时依 `from`;两者皆无时,单个办件自首个事件起,多个办件自订阅之时起。仅推送有权查看的办件。Progress of cases: stored events after the start, then live ones, no gap, no repeat, in order, of the cases you may see. The start is `after`, else what `from` says, else the first event of a single case and the present when several are watched.',
    subscribe: ({ args, context }: { args: ProgressWatch; context: AcceptanceContext }) =>
      watchProgress(context.ledger, context.caller, args) as never,
  })
  async caseProgress(
    @Root() event: FeedEvent,
    @Ctx() { ledger, loaders }: AcceptanceContext,
    @Arg('after', () => Cursor, { nullable: true, description: '最后收到的游标。The last cursor received.' }) _after?: string | null,
    @Arg('from', () => PROGRESS_STARTS, { nullable: true, description: '无 `after` 时的起点。Where to start without `after`.' })
    _from?: ProgressStart | null,
    @Arg('departmentCode', () => ID, { nullable: true, description: '仅该部门。This department alone.' }) _departmentCode?: string | null,
    @Arg('caseNumber', () => ID, { nullable: true, description: '仅该办件。This case alone.' }) _caseNumber?: string | null,
    @Arg('filter', () => CaseProgressFilter, { nullable: true }) _filter?: CaseProgressFilter | null,
  ): Promise<ProgressRow & { cursor: string }> {
    const row = await loaders.progressByEvent.load(event.id);
    if (row === null) throw new Error('the feed tells of progress that no timeline has');
    return { ...row, cursor: ledger.feed.cursorOf(event) };
  }

  @FieldResolver(() => ID, { description: '全省唯一的事件编号。Unique; a repeat is the same event.' })
  id(@Root() { eventId }: ProgressRow): string {
    return eventId;
  }

  @FieldResolver(() => Cursor, {
    nullable: true,
    description: "在台账事件流中的位置;事件流不再保留时为空。Its place in the ledger's feed; null once the feed no longer keeps it.",
  })
  cursor(@Root() row: ProgressRow & { cursor?: string }, @Ctx() { loaders }: AcceptanceContext): string | Promise<string | null> {
    return row.cursor ?? loaders.cursorOf.load(row.eventId);
  }

  @FieldResolver(() => Case, { description: '办件。The case.' })
  async case(@Root() { caseNumber }: ProgressRow, @Ctx() context: AcceptanceContext): Promise<CaseRow> {
    const row = await visibleCase(context, caseNumber);
    if (row === null) throw new CataloguedError('CASE_NOT_FOUND', 'the case of this event is none that you may see');
    return row;
  }
}
