import { sqlMigration } from '../../store/sql-migration.js';

export const calendarMigrations = [
  sqlMigration('20261124-holiday-notices', [
    'create table `holiday_notice` (`year` int unsigned not null, `source` varchar(200) not null, `holidays` json not null, `workdays` json not null, `loaded_at` datetime(3) not null, `applied_at` datetime(3) null, primary key (`year`)) default character set utf8mb4 engine = InnoDB',
  ]),
];
