import { Arg, Ctx, Directive, Resolver, Root, Subscription } from 'type-graphql';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import type { CatalogContext } from '../catalog-context.js';
import { CatalogueProblemEvent } from '../types/problem-event.js';
import { PROBLEM_FOUND, PROBLEM_SETTLED } from '../types/problem-event-kind.js';

@Resolver()
export class ProblemEventResolver {
  @Directive('@inaccessible')
  @Subscription(() => CatalogueProblemEvent, {
    description:
      '目录问题事件流:先补发 `after` 之后的事件,再实时推送。Every event after `after` from the store, then live ones, without a gap and in order.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: CatalogContext }) => {
      requireRole(context.caller, 'platform');
      const accepts = ({ kind }: FeedEvent) => kind === PROBLEM_FOUND || kind === PROBLEM_SETTLED;
      return context.feed.follow({ after: args.after, filter: { accepts } });
    },
  })
  catalogueProblemEvents(
    @Arg('after', () => Cursor, { nullable: true }) _after: string | null,
    @Root() event: FeedEvent,
    @Ctx() { feed }: CatalogContext,
  ): CatalogueProblemEvent {
    const { itemCode, itemName, reason } = event.payload as { itemCode: string | null; itemName: string | null; reason: string };
    return {
      id: event.id,
      cursor: feed.cursorOf(event),
      occurredAt: event.occurredAt,
      settled: event.kind === PROBLEM_SETTLED,
      departmentCode: event.scope,
      itemCode,
      itemName,
      reason,
    };
  }
}
