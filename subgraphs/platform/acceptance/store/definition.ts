import { holidayNotices } from '../../../kit/calendar/notice-tables.js';
import { CONSUMER_TABLES, PRODUCER_TABLES } from '../../../kit/feed/feed-tables.js';
import { leases } from '../../../kit/leases/lease-table.js';
import type { StoreDefinition } from '../../../kit/store/open-store.js';
import * as mysql from '../migrations/mysql.js';
import * as sqlite from '../migrations/sqlite.js';
import { APPLICATION_TABLES } from './application-tables.js';
import { FILE_TABLES } from './file-tables.js';
import { applications, caseCounts, cases, departments, dispatches, inboxCounts, inboxEntries, items, progress } from './tables.js';

/** Everything the ledger keeps. */
export const LEDGER_STORE: StoreDefinition = {
  tables: [
    ...PRODUCER_TABLES,
    ...CONSUMER_TABLES,
    leases,
    departments,
    items,
    applications,
    cases,
    progress,
    caseCounts,
    dispatches,
    inboxEntries,
    inboxCounts,
    holidayNotices,
    ...APPLICATION_TABLES,
    ...FILE_TABLES,
  ],
  migrations: { sqlite: sqlite.migrations, mysql: mysql.migrations },
};
