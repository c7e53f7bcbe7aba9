import { Arg, Ctx, Directive, Int, Query, Resolver, Root, Subscription } from 'type-graphql';
import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { requireRole } from '../../../kit/identity/caller.js';
import { pageSize } from '../../../kit/schema/connection.js';
import { Cursor } from '../../../kit/schema/scalars.js';
import type { AcceptanceContext } from '../context.js';
import { ledgerEventOf } from '../ledger-events/ledger-event-of.js';
import { LedgerEvent } from '../types/ledger-event.js';

@Resolver()
export class LedgerEventResolver {
  @Directive('@inaccessible')
  @Subscription(() => LedgerEvent, {
    description:
      '台账事件流,供平台内部跟随:先补发 `after` 之后的事件,再实时推送。For the platform: every event after `after` from the store, then live ones, without a gap and in order.',
    subscribe: ({ args, context }: { args: { after?: string | null }; context: AcceptanceContext }) => {
      requireRole(context.caller, 'platform');
      return context.ledger.feed.follow({ after: args.after }) as never;
    },
  })
  ledgerEvents(
    @Root() event: FeedEvent,
    @Ctx() context: AcceptanceContext,
    @Arg('after', () => Cursor, { nullable: true }) _after?: string | null,
  ): Promise<LedgerEvent> {
    return ledgerEventOf(event, context);
  }

  @Directive('@inaccessible')
  @Query(() => [LedgerEvent], {
    nullable: true,
    description: '台账事件流的一页,供平台内部读取。For the platform: a page of the same events.',
  })
  async ledgerEventPage(
    @Ctx() context: AcceptanceContext,
    @Arg('first', () => Int, { defaultValue: 100, description: '每页至多200。At most 200.' }) first: number,
    @Arg('after', () => Cursor, { nullable: true }) after?: string | null,
  ): Promise<LedgerEvent[]> {
    requireRole(context.caller, 'platform');
    const events = await context.ledger.feed.page({ after }, pageSize(first));
    return Promise.all(events.map((event) => ledgerEventOf(event, context)));
  }
}
