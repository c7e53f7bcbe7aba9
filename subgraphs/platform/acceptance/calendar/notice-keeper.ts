import type { CalendarBook } from '../../../kit/calendar/calendar-book.js';
import { holidayNotices } from '../../../kit/calendar/notice-tables.js';
import type { FeedFollower } from '../../../kit/feed/follower.js';
import { recomputeDueDates } from '../decision/pending-due-dates.js';
import type { Ledger } from '../ledger.js';
import { CALENDAR } from './load-notice.js';

/**
 * Reads each notice that is loaded, by whichever process, and works out anew what was computed without it. Should the
 * process that does so die, the next one that starts, or any other that sees the notice, does it.
 */
export class NoticeKeeper implements AsyncDisposable {
  readonly #finished: Promise<void>;
  #open = true;

  private constructor(
    readonly ledger: Ledger,
    readonly book: CalendarBook,
    readonly follower: FeedFollower,
    readonly onFault: (error: unknown) => void,
  ) {
    this.#finished = this.#run();
  }

  static async start(ledger: Ledger, book: CalendarBook, onFault: (error: unknown) => void): Promise<NoticeKeeper> {
    // from before the calendar is read: what is loaded after that is told
    const follower = await ledger.feed.follow({ after: await ledger.feed.end(), filter: { subject: CALENDAR } });
    await book.read(ledger.store.fork());
    return new NoticeKeeper(ledger, book, follower, onFault);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    await this.follower.return();
    await this.#finished;
  }

  async #run(): Promise<void> {
    try {
      await this.#apply();
      for await (const _notice of this.follower) {
        if (!this.#open) return;
        await this.#apply();
      }
    } catch (error) {
      if (this.#open) this.onFault(error);
    }
  }

  async #apply(): Promise<void> {
    const { store, clock } = this.ledger;
    await this.book.read(store.fork());
    const due = await store.fork().find(holidayNotices, { appliedAt: null }, { fields: ['year', 'loadedAt'] });
    if (due.length === 0) return;
    await recomputeDueDates(this.ledger);
    // one that was loaded again meanwhile is still due
    for (const { year, loadedAt } of due) await store.fork().nativeUpdate(holidayNotices, { year, loadedAt }, { appliedAt: clock() });
  }
}
