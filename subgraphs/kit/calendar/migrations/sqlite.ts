import { sqlMigration } from '../../store/sql-migration.js';

export const calendarMigrations = [
  sqlMigration('20261124-holiday-notices', [
    'create table `holiday_notice` (`year` integer not null primary key, `source` text not null, `holidays` json not null, `workdays` json not null, `loaded_at` datetime not null, `applied_at` datetime null)',
  ]),
];
