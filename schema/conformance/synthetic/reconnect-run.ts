import type { CaseEvent } from '../client/documents.js';
import type { Session } from '../session.js';
import { Unmet } from '../unmet.js';

/** Cases received before the first connection, so that there is a backlog to break off in, and while connections break. */
const BACKLOG = 6;
const LIVE = 10;
/** A feed that makes no progress is left after so many connections. */
const MOST_CONNECTIONS = 80;

export interface ReconnectRun {
  /** What came over all connections, in order. */
  readonly streamed: readonly CaseEvent[];
  /** What the pages have of the same stretch. */
  readonly stored: readonly CaseEvent[];
}

/** Follows the feed over connections that are cut at random points while cases are being received. */
export async function reconnectRun(session: Session): Promise<ReconnectRun> {
  const before = await session.pages.end();
  for (let count = 0; count < BACKLOG; count++) await session.receive();
  const [streamed] = await Promise.all([readOverBrokenConnections(session, before, BACKLOG + LIVE), receiveMore(session)]);
  return { streamed, stored: (await session.pages.after(before)).slice(0, BACKLOG + LIVE) };
}

async function receiveMore(session: Session): Promise<void> {
  for (let count = 0; count < LIVE; count++) await session.receive();
}

async function readOverBrokenConnections(session: Session, before: string | undefined, wanted: number): Promise<CaseEvent[]> {
  const streamed: CaseEvent[] = [];
  const distinct = new Set<string>();
  let after = before;
  for (let connection = 0; connection < MOST_CONNECTIONS && distinct.size < wanted; connection++) {
    const socket = await session.socket();
    const stream = session.follow(socket, after);
    try {
      for (let left = session.random.between(1, 4); left > 0 && distinct.size < wanted; left--) {
        const event = await stream.next();
        streamed.push(event);
        distinct.add(event.id);
        after = event.cursor;
      }
    } catch (error) {
      // what never came is seen in the comparison with the pages
      if (error instanceof Unmet) return streamed;
      throw error;
    } finally {
      socket.drop();
    }
  }
  return streamed;
}
