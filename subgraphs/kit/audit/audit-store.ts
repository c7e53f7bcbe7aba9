import { exchangeRecords } from '../exchange/exchange-table.js';
import type { StoreDefinition } from '../store/open-store.js';
import { auditHeads, auditRecords } from './audit-tables.js';
import * as mysql from './migrations/mysql.js';
import * as sqlite from './migrations/sqlite.js';

/**
 * What proves things later, the audit and the log of signed requests, has a store of its own beside its subgraph's
 * (`acceptance-audit`), so that whoever may change one need not be able to change the other.
 */
export const AUDIT_STORE: StoreDefinition = {
  tables: [auditRecords, auditHeads, exchangeRecords],
  migrations: { sqlite: sqlite.auditMigrations, mysql: mysql.auditMigrations },
};

/** What a subgraph's name is followed by in the name of its audit store. */
export const AUDIT_SUFFIX = '-audit';
