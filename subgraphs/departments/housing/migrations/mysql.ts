import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const housingMigrations = [
  sqlMigration('20261124-housing', [
    'create table `housing_key_personnel` (`case_number` varchar(64) not null, `ordinal` int unsigned not null, `post` varchar(120) not null, `declared` int not null, `verified` int null, `verified_at` datetime(3) null, primary key (`case_number`, `ordinal`)) default character set utf8mb4 engine = InnoDB',
    'create table `housing_qualification` (`case_number` varchar(64) not null, `grade` varchar(60) null, `specialty` varchar(120) not null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
  ]),
];
