import { sqlMigration } from '../../store/sql-migration.js';

export const leaseMigrations = [
  sqlMigration('20261125-leases', [
    'create table `lease` (`name` text not null primary key, `holder` text not null, `token` bigint not null, `until` bigint not null)',
  ]),
];
