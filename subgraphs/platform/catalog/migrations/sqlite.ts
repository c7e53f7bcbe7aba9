import { consumerMigrations, producerMigrations } from '../../../kit/feed/migrations/sqlite.js';
import { leaseMigrations } from '../../../kit/leases/migrations/sqlite.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const catalogMigrations = [
  ...producerMigrations,
  ...consumerMigrations,
  sqlMigration('20261124-catalog', [
    'create table `service_item` (`department_code` text not null, `code` text not null, `name` text not null, `search_text` text not null, `kind` text not null, `state` text not null, `guide_version` integer not null, `promised_days` integer not null, `statutory_days` integer not null, `content` json not null, `declared_at` datetime not null, `changed_at` datetime not null, primary key (`department_code`, `code`))',
    'create index `service_item_state_department_code_code_index` on `service_item` (`state`, `department_code`, `code`)',
    'create index `service_item_state_kind_department_code_code_index` on `service_item` (`state`, `kind`, `department_code`, `code`)',
    'create table `catalogue_problem` (`department_code` text not null, `ordinal` integer not null, `item_code` text null, `item_name` text null, `reason` text not null, `since` datetime not null, primary key (`department_code`, `ordinal`))',
    'create table `known_department` (`code` text not null primary key, `name` text not null, `affiliation` text not null, `url` text not null, `subscription_url` text not null, `registration` text not null, `refreshed_at` datetime null, `revision` integer not null)',
  ]),
  sqlMigration('20261124-withdrawn-departments', ['alter table `known_department` add `withdrawn` integer not null default false']),
  ...leaseMigrations,
];
