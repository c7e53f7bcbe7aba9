import { sqlMigration } from '../../store/sql-migration.js';

export const departmentMigrations = [
  sqlMigration('20261124-department', [
    'create table `case_application` (`case_number` text not null primary key, `applicant` json not null, `materials` json not null, `form` json not null)',
    'create table `case_step` (`case_number` text not null, `code` text not null, `ordinal` integer not null, `name` text not null, `kind` text not null, `started_at` datetime not null, `finished_at` datetime null, `handler` text null, `opinion` text null, primary key (`case_number`, `code`))',
    'create table `certificate` (`case_number` text not null primary key, `number` text not null, `kind` text not null, `issued_at` datetime not null, `valid_until` text null, `electronic` integer not null)',
    'create unique index `certificate_number_unique` on `certificate` (`number`)',
    'create table `decision` (`case_number` text not null primary key, `outcome` text not null, `decided_at` datetime not null, `reasons` text null, `review_rule_version` integer not null, `document_number` text not null, `seal` text not null)',
    'create unique index `decision_document_number_unique` on `decision` (`document_number`)',
    'create table `delivery` (`case_number` text not null primary key, `channel` text not null, `delivered_at` datetime not null, `tracking_number` text null)',
    'create table `department_case` (`number` text not null primary key, `item_code` text not null, `accepted_at` datetime not null, `received_at` datetime not null, `promised_days` integer not null, `statutory_days` integer not null, `promised_due_at` datetime null, `statutory_due_at` datetime null, `version` integer not null)',
    'create table `limit_extension` (`case_number` text not null primary key, `days` integer not null, `reason` text not null, `decided_at` datetime not null)',
    'create table `special_procedure` (`case_number` text not null, `ordinal` integer not null, `kind` text not null, `reason` text not null, `expected_days` integer null, `started_at` datetime not null, `finished_at` datetime null, primary key (`case_number`, `ordinal`))',
  ]),
];
