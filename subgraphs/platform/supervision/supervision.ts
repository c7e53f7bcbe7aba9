import type { Logger } from 'pino';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { Store } from '../../kit/store/open-store.js';
import type { NoticeCalendar } from './calendar/notice-calendar.js';
import type { SupervisionRules } from './configuration/supervision-rules.js';

/** What supervision's operations work with. */
export interface Supervision {
  readonly store: Store;
  /** Tells of everything that happens to an alert: scope is the department's code, subject the alert's id. */
  readonly feed: EventFeed;
  readonly calendar: NoticeCalendar;
  readonly rules: SupervisionRules;
  readonly clock: () => Date;
  readonly log: Logger;
}
