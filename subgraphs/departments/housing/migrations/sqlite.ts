import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const housingMigrations = [
  sqlMigration('20261124-housing', [
    'create table `housing_key_personnel` (`case_number` text not null, `ordinal` integer not null, `post` text not null, `declared` integer not null, `verified` integer null, `verified_at` datetime null, primary key (`case_number`, `ordinal`))',
    'create table `housing_qualification` (`case_number` text not null primary key, `grade` text null, `specialty` text not null)',
  ]),
];
