import { followedFeeds } from '../feed/rewound.js';
import type { Store } from '../store/open-store.js';

/** `rewound`: nothing of the feed is applied until somebody decides; see `acceptance feed status`. */
export type FeedState = 'followed' | 'rewound';

/** The feeds that a subgraph follows, by name. One that is not followed does not keep it from answering requests. */
export async function feedStates(store: Store): Promise<Readonly<Record<string, FeedState>>> {
  try {
    const feeds = await followedFeeds(store);
    return Object.fromEntries(feeds.map(({ source, rewound }) => [source, rewound === undefined ? 'followed' : 'rewound']));
  } catch {
    // the store went away after it was asked
    return {};
  }
}
