import { holidayNotices } from '../../../kit/calendar/notice-tables.js';
import { CONSUMER_TABLES, PRODUCER_TABLES } from '../../../kit/feed/feed-tables.js';
import { leases } from '../../../kit/leases/lease-table.js';
import type { StoreDefinition } from '../../../kit/store/open-store.js';
import * as mysql from '../migrations/mysql.js';
import * as sqlite from '../migrations/sqlite.js';
import { alertMoves, alerts, alertTallies, caseFigures, supervisedCases, supervisedItems } from './tables.js';

/** Everything supervision keeps. */
export const SUPERVISION_STORE: StoreDefinition = {
  tables: [
    ...PRODUCER_TABLES,
    ...CONSUMER_TABLES,
    leases,
    holidayNotices,
    supervisedCases,
    supervisedItems,
    alerts,
    alertMoves,
    alertTallies,
    caseFigures,
  ],
  migrations: { sqlite: sqlite.migrations, mysql: mysql.migrations },
};
