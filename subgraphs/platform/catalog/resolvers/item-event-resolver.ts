import { Arg, Ctx, Directive, Resolver, Root, Subscription } from 'type-graphql';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import type { CatalogContext } from '../catalog-context.js';
import { ItemEvent } from '../types/item-event.js';
import { ItemEventKind } from '../types/item-event-kind.js';

/** What events from before it was recorded say of an item's handling. */
const EARLIER: Partial<ItemEvent> = { steps: null, reviewRuleVersion: null };

@Resolver()
export class ItemEventResolver {
  @Directive('@inaccessible')
  @Subscription(() => ItemEvent, {
    description:
      '目录事项事件流:先补发 `after` 之后的事件,再实时推送。Every event after `after` from the store, then live ones, without a gap and in order.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: CatalogContext }) => {
      requireRole(context.caller, 'platform');
      return context.feed.follow({ after: args.after, filter: { accepts: ({ kind }) => kind in ItemEventKind } });
    },
  })
  itemEvents(
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() event: FeedEvent,
    @Ctx() { feed }: CatalogContext,
  ): ItemEvent {
    return {
      ...EARLIER,
      ...(event.payload as unknown as Omit<ItemEvent, 'id' | 'cursor' | 'kind' | 'occurredAt' | 'departmentCode' | 'itemCode'>),
      id: event.id,
      cursor: feed.cursorOf(event),
      kind: ItemEventKind[event.kind as keyof typeof ItemEventKind],
      occurredAt: event.occurredAt,
      departmentCode: event.scope,
      itemCode: event.subject,
    };
  }
}
