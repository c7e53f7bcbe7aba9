import { Arg, Ctx, Directive, Resolver, Root, Subscription } from 'type-graphql';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import { DepartmentEvent } from '../department-event.js';
import { DepartmentEventKind } from '../department-event-kind.js';
import type { RegistryContext } from '../registry-context.js';
import type { DepartmentEventPayload } from '../save-change.js';

@Resolver()
export class DepartmentEventResolver {
  @Directive('@inaccessible')
  @Subscription(() => DepartmentEvent, {
    description:
      '部门接入事件流:先补发 `after` 之后的事件,再实时推送。Every event after `after` from the store, then live ones, without a gap and in order.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: RegistryContext }) => {
      requireRole(context.caller, 'platform');
      return context.feed.follow({ after: args.after });
    },
  })
  departmentEvents(
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() event: FeedEvent,
    @Ctx() { feed }: RegistryContext,
  ): DepartmentEvent {
    return {
      ...(event.payload as unknown as DepartmentEventPayload),
      id: event.id,
      cursor: feed.cursorOf(event),
      kind: DepartmentEventKind[event.kind as keyof typeof DepartmentEventKind],
      occurredAt: event.occurredAt,
      departmentCode: event.subject,
    };
  }
}
