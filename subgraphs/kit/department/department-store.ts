import { PRODUCER_TABLES } from '../feed/feed-tables.js';
import * as feedMysql from '../feed/migrations/mysql.js';
import * as feedSqlite from '../feed/migrations/sqlite.js';
import { leases } from '../leases/lease-table.js';
import * as leaseMysql from '../leases/migrations/mysql.js';
import * as leaseSqlite from '../leases/migrations/sqlite.js';
import type { StoreDefinition } from '../store/open-store.js';
import type { DepartmentExtension } from './definition.js';
import * as mysql from './migrations/mysql.js';
import * as sqlite from './migrations/sqlite.js';
import { DEPARTMENT_TABLES } from './store.js';

/** A department's tables: the feed's, the contract's and its own. */
export function departmentStore(extension?: Pick<DepartmentExtension, 'tables' | 'migrations'>): StoreDefinition {
  return {
    tables: [...PRODUCER_TABLES, leases, ...DEPARTMENT_TABLES, ...(extension?.tables ?? [])],
    migrations: {
      sqlite: [
        ...feedSqlite.producerMigrations,
        ...sqlite.departmentMigrations,
        ...(extension?.migrations.sqlite ?? []),
        ...leaseSqlite.leaseMigrations,
      ],
      mysql: [
        ...feedMysql.producerMigrations,
        ...mysql.departmentMigrations,
        ...(extension?.migrations.mysql ?? []),
        ...leaseMysql.leaseMigrations,
      ],
    },
  };
}
