import type { CalendarBook } from '../../../kit/calendar/calendar-book.js';
import { holidayNotices } from '../../../kit/calendar/notice-tables.js';
import { Doze } from '../../../kit/feed/doze.js';
import type { FeedFollower } from '../../../kit/feed/follower.js';
import { recomputeDeemedDates } from '../decision/pending-deemed-dates.js';
import { recomputeDueDates } from '../decision/pending-due-dates.js';
import type { Ledger } from '../ledger.js';
import { CALENDAR } from './load-notice.js';

/** Milliseconds until it tries again after a failure. */
const RETRY = 500;

/**
 * Reads each notice that is loaded, by whichever process, and works out anew what was computed without it. What fails is
 * tried again; should the process that does so die, the next one that starts, or any other that sees the notice, does it.
 */
export class NoticeKeeper implements AsyncDisposable {
  readonly #finished: Promise<void>;
  readonly #doze = new Doze();
  #follower: FeedFollower;
  #open = true;

  private constructor(
    readonly ledger: Ledger,
    readonly book: CalendarBook,
    follower: FeedFollower,
    readonly onFault: (error: unknown) => void,
  ) {
    this.#follower = follower;
    this.#finished = this.#run();
  }

  static async start(ledger: Ledger, book: CalendarBook, onFault: (error: unknown) => void): Promise<NoticeKeeper> {
    // from before the calendar is read: what is loaded after that is told
    const follower = await notices(ledger);
    await book.read(ledger.store.fork());
    return new NoticeKeeper(ledger, book, follower, onFault);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    await this.#follower.return();
    this.#doze.wake();
    await this.#finished;
  }

  async #run(): Promise<void> {
    while (this.#open) {
      try {
        await this.#apply();
        for await (const _notice of this.#follower) {
          if (!this.#open) return;
          await this.#apply();
        }
      } catch (error) {
        if (this.#open) await this.#failed(error);
      }
    }
    await this.#follower.return();
  }

  /** A loop that was left can't go on with its follower: another one takes its place before the notices are read again. */
  async #failed(error: unknown): Promise<void> {
    this.onFault(error);
    await this.#follower.return();
    await this.#doze.for(RETRY);
    if (!this.#open) return;
    try {
      this.#follower = await notices(this.ledger);
    } catch (again) {
      await this.#failed(again);
    }
  }

  async #apply(): Promise<void> {
    const { store, clock } = this.ledger;
    await this.book.read(store.fork());
    const due = await store.fork().find(holidayNotices, { appliedAt: null }, { fields: ['year', 'loadedAt'] });
    if (due.length === 0) return;
    await recomputeDueDates(this.ledger);
    await recomputeDeemedDates(this.ledger);
    // one that was loaded again meanwhile is still due
    for (const { year, loadedAt } of due) await store.fork().nativeUpdate(holidayNotices, { year, loadedAt }, { appliedAt: clock() });
  }
}

async function notices({ feed }: Pick<Ledger, 'feed'>): Promise<FeedFollower> {
  return feed.follow({ after: await feed.end(), filter: { subject: CALENDAR } });
}
