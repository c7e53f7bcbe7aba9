import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const drugMigrations = [
  sqlMigration('20261124-drug', [
    'create table `drug_product` (`case_number` text not null primary key, `name` text not null, `dosage_form` text null, `specification` text null, `production_address` text null)',
    'create table `drug_site_inspection` (`case_number` text not null, `visit` integer not null, `inspected_on` text not null, `inspectors` integer not null, `critical_defects` integer not null, `major_defects` integer not null, `minor_defects` integer not null, `conclusion` text not null, `recorded_at` datetime not null, primary key (`case_number`, `visit`))',
  ]),
];
