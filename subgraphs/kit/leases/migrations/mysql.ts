import { sqlMigration } from '../../store/sql-migration.js';

export const leaseMigrations = [
  sqlMigration('20261125-leases', [
    'create table `lease` (`name` varchar(48) not null, `holder` varchar(96) not null, `token` bigint not null, `until` bigint not null, primary key (`name`)) default character set utf8mb4 engine = InnoDB',
  ]),
];
