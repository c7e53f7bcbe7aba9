import { expect, test } from 'vitest';
import { CalendarBook } from '../../../../subgraphs/kit/calendar/calendar-book.js';
import { WorkingCalendar } from '../../../../subgraphs/kit/calendar/working-calendar.js';
import { EventFeed } from '../../../../subgraphs/kit/feed/event-feed.js';
import { openStore } from '../../../../subgraphs/kit/store/open-store.js';
import { storeAddress } from '../../../../subgraphs/kit/store/store-address.js';
import { loadNotice } from '../../../../subgraphs/platform/acceptance/calendar/load-notice.js';
import { NoticeKeeper } from '../../../../subgraphs/platform/acceptance/calendar/notice-keeper.js';
import type { Ledger } from '../../../../subgraphs/platform/acceptance/ledger.js';
import { LEDGER_STORE } from '../../../../subgraphs/platform/acceptance/store/definition.js';
import { caller } from '../../../support/environment.js';

/** A calendar whose store fails to be read as often as it is told. */
class FailingBook extends CalendarBook {
  failures = 0;

  override async read(...[em]: Parameters<CalendarBook['read']>): Promise<void> {
    if (this.failures-- > 0) throw new Error('the store is away');
    await super.read(em);
  }
}

test('a store that is away for a moment costs a notice nothing but the time', async () => {
  await using store = await openStore(storeAddress('memory:', 'acceptance'), LEDGER_STORE);
  const feed = await EventFeed.open(store);
  const book = new FailingBook(new WorkingCalendar());
  const ledger = { store, feed, clock: () => new Date(), calendar: book.base } as unknown as Ledger;
  const faults: string[] = [];
  await using _keeper = await NoticeKeeper.start(ledger, book, (error) => faults.push((error as Error).message));
  const load = (year: number) =>
    loadNotice(ledger, caller('bureau-1', 'bureau'), { year, source: '演示', holidays: [`${year}-01-01`], workdays: [] });

  book.failures = 2;
  await load(2031);
  await expect.poll(() => book.current.coveredYears).toContain(2031);
  await load(2032);
  await expect.poll(() => book.current.coveredYears).toContain(2032);
  expect(faults).toEqual(['the store is away', 'the store is away']);
});
