import type { Logger } from 'pino';
import type { WorkingCalendar } from '../../kit/calendar/working-calendar.js';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { FeedProjection } from '../../kit/feed/projection.js';
import type { PersonalDataKeys } from '../../kit/privacy/personal-data-keys.js';
import type { Store } from '../../kit/store/open-store.js';
import type { CaseOwners } from './access/case-owners.js';
import type { CertificateSeal } from './certificates/certificate-seal.js';
import type { FileLinks } from './files/file-links.js';
import type { FileStore } from './files/file-store.js';
import type { VirusScan } from './files/virus-scan.js';
import type { SharedSource } from './submission/shared-source.js';
import type { AcceptanceTiming } from './timing.js';

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
  readonly sharedSource: SharedSource;
  readonly files: FileStore;
  readonly links: FileLinks;
  /** Absent: nobody scans what is uploaded. */
  readonly virusScan: VirusScan | undefined;
  readonly certificateSeal: CertificateSeal;
  readonly timing: Pick<AcceptanceTiming, 'sealAfter'>;
}
