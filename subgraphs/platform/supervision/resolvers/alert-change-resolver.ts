import { Arg, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root, Subscription } from 'type-graphql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import { requireSight } from '../access/sight.js';
import { type AlertWatch, watchAlerts } from '../alerts/watch-alerts.js';
import type { SupervisionContext } from '../context.js';
import type { AlertRow } from '../store/tables.js';
import { Alert, AlertChange } from '../types/alert.js';
import { ALERT_LEVELS, type AlertLevel } from '../types/enums.js';

@Resolver(() => AlertChange)
export class AlertChangeResolver {
  @Query(() => Cursor, {
    nullable: true,
    description:
      '订阅无 `after` 时的起点,即事件流当前的末端:先取得它,再查询列表,然后以其为 `after` 订阅,即不遗漏任何变动。Where a subscription without `after` would begin, which is where the feed ends now. Take it, then read the list, then subscribe after it: nothing is missed between.',
  })
  caseAlertsCursor(@Ctx() { supervision, caller }: SupervisionContext): Promise<string> {
    requireSight(caller);
    return supervision.feed.end();
  }

  @Directive('@eventCursor(argument: "after", field: "cursor", start: "caseAlertsCursor")')
  // with these roles alone, what one sees of alerts depends on nobody's person (see access/sight.ts)
  @Directive('@sharedFor(roles: ["monitor", "centre", "bureau", "department:*"])')
  @Subscription(() => AlertChange, {
    description:
      '预警变动:先补发 `after` 之后的事件,再实时推送,不缺不重,按序到达;未给出 `after` 时自订阅之时起。仅推送有权查看的预警。What happens to alerts: stored events after `after`, then live ones, no gap, no repeat, in order, of the alerts you may see; without `after` from the moment of subscribing.',
    subscribe: ({ args, context }: { args: AlertWatch; context: SupervisionContext }) =>
      watchAlerts(context.supervision, context.caller, args) as never,
  })
  caseAlerts(
    @Root() event: FeedEvent,
    @Arg('after', () => Cursor, { nullable: true, description: '最后收到的游标。The last cursor received.' }) _after?: string | null,
    @Arg('level', () => ALERT_LEVELS, { nullable: true, description: '仅该级别。Of this level alone.' }) _level?: AlertLevel | null,
    @Arg('departmentCode', () => ID, { nullable: true, description: '仅该部门。Of this department alone.' }) _departmentCode?:
      | string
      | null,
  ): FeedEvent {
    return event;
  }

  @FieldResolver(() => ID, { description: '事件编号;重复的编号即同一事件。Its id; a repeat is the same event.' })
  id(@Root() { id }: FeedEvent): string {
    return id;
  }

  @FieldResolver(() => Cursor, { description: '在预警事件流中的位置。Its place in the feed.' })
  cursor(@Root() event: FeedEvent, @Ctx() { supervision }: SupervisionContext): string {
    return supervision.feed.cursorOf(event);
  }

  @FieldResolver(() => Alert, { description: '预警的现状。The alert as it is now.' })
  async alert(@Root() { subject }: FeedEvent, @Ctx() { loaders }: SupervisionContext): Promise<AlertRow> {
    const row = await loaders.alertById.load(subject);
    if (row === null) throw new CataloguedError('ALERT_NOT_FOUND', 'the alert of this event is no longer kept');
    return row;
  }
}
