import type { Logger } from 'pino';
import type { WorkingCalendar } from '../../kit/calendar/working-calendar.js';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { FeedProjection } from '../../kit/feed/projection.js';
import type { PersonalDataKeys } from '../../kit/privacy/personal-data-keys.js';
import type { Store } from '../../kit/store/open-store.js';
import type { CaseOwners } from './access/case-owners.js';

/** What the ledger's operations work with. */
export interface Ledger {
  readonly store: Store;
  /** Tells of everything that happens to a case: scope is the department's code, subject the case number. */
  readonly feed: EventFeed;
  /** The calendar in force: another one after a notice is loaded, so it is asked for each time. */
  readonly calendar: WorkingCalendar;
  /** How far the inboxes follow the ledger's events. */
  readonly inbox: Pick<FeedProjection, 'passed'>;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly owners: CaseOwners;
  readonly personalData: PersonalDataKeys;
}
