import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { loggableError } from '../../../kit/errors/loggable-error.js';
import { FeedConsumer, type SourceEvent } from '../../../kit/feed/consumer.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { graphqlSource } from '../../../kit/feed/graphql-source.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import type { Fence } from '../../../kit/leases/lease.js';
import { PLATFORM } from '../platform-caller.js';
import type { Supervision } from '../supervision.js';

export interface Following<E extends SourceEvent> {
  readonly supervision: Supervision;
  /** Held by the one instance that follows. */
  readonly fence: Fence;
  readonly tokens: InternalTokens;
  /** Of the subgraph that publishes the feed. */
  readonly publisher: string;
  readonly feed: string;
  readonly url: string;
  readonly query: string;
  readonly backoff: { readonly first: number; readonly most: number };
  readonly apply: (tx: SqlEntityManager, append: Append, event: E) => Promise<void>;
  /** Called after each event that was applied. */
  readonly applied?: () => void;
}

/** Follows one feed of the platform; what an event leads to is told in the transaction that applies it. */
export function follow<E extends SourceEvent>(following: Following<E>): FeedConsumer<E> {
  const { supervision, fence, tokens, publisher, feed, url, query, backoff, apply, applied } = following;
  const name = sourceName({ publisher, feed });
  const log = supervision.log.child({ feed: name });
  return new FeedConsumer<E>({
    store: supervision.store,
    source: graphqlSource<E>({
      name,
      url: () => url,
      query,
      authorization: () => tokens.authorization(publisher, { ...PLATFORM, requestId: randomUUID() }),
    }),
    backoff: { ...backoff },
    fence,
    async run(em, work) {
      await supervision.feed.transaction(em, work);
      applied?.();
    },
    apply: (tx, event, append) => apply(tx, append, event),
    onFailure: (error) => log.warn({ err: loggableError(error) }, 'a feed broke off; following it again'),
    onRewound: (rewound) =>
      log.error(
        rewound,
        'a feed does not know the events that supervision applied last: its store was set back, or begun anew; nothing of it is applied',
      ),
    onRefused: (event, reason) => log.error({ event: event.id, reason }, 'an event has no effect'),
    // cases whose events are missing are judged by those there are; everything else would stand still
    onGap: ({ after, oldest }) =>
      log.error({ after, oldest, code: 'CURSOR_EXPIRED' }, 'events that supervision has not seen are no longer kept; going on after them'),
  });
}

/** Under what the place in a feed is kept. */
export function sourceName({ publisher, feed }: Pick<Following<SourceEvent>, 'publisher' | 'feed'>): string {
  return `${publisher}:${feed}`;
}
