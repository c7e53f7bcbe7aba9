import { producerMigrations } from '../../../kit/feed/migrations/sqlite.js';
import { leaseMigrations } from '../../../kit/leases/migrations/sqlite.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const registryMigrations = [
  ...producerMigrations,
  sqlMigration('20261124-registry', [
    'create table `department` (`code` text not null primary key, `name` text not null, `affiliation` text not null, `url` text not null, `subscription_url` text not null, `publication` json not null, `sdl_hash` text not null, `registered_at` datetime not null, `updated_at` datetime not null, `version` integer not null default 1)',
    'create table `platform_subgraph` (`name` text not null primary key, `url` text not null, `subscription_url` text not null, `publication` json not null, `sdl_hash` text not null, `registered_at` datetime not null, `updated_at` datetime not null, `version` integer not null default 1)',
    'create table `registry_head` (`name` text not null primary key, `revision` integer not null)',
    'create table `supergraph_version` (`number` integer not null primary key, `version` text not null, `composition_key` text not null, `document` json not null, `composed_from` json not null, `created_at` datetime not null)',
    'create index `supergraph_version_composition_key_number_index` on `supergraph_version` (`composition_key`, `number`)',
  ]),
  sqlMigration('20261125-publications', [
    'create table `endpoint_observation` (`code` text not null primary key, `state` text not null, `since` datetime not null, `checked_at` datetime not null, `differences` json not null)',
    'create table `operation` (`hash` text not null primary key, `name` text not null, `document` json not null, `first_seen` datetime not null)',
    'create table `operation_field` (`coordinate` text not null, `hash` text not null, primary key (`coordinate`, `hash`))',
    'create table `operation_use` (`hash` text not null, `client` text not null, `count` bigint not null, `last_seen` datetime not null, primary key (`hash`, `client`))',
    'create index `operation_use_last_seen_index` on `operation_use` (`last_seen`)',
    'create table `publication` (`number` integer not null primary key, `kind` text not null, `name` text not null, `url` text not null, `subscription_url` text not null, `sdl_hash` text not null, `published_by` text not null, `published_at` datetime not null, `reason` text null, `override_reason` text null, `overridden` json null)',
    'create index `publication_kind_name_number_index` on `publication` (`kind`, `name`, `number`)',
    'create table `published_sdl` (`hash` text not null primary key, `content` json not null)',
    'alter table `department` add column `contact` text null',
    "alter table `department` add column `state` text not null default 'ACTIVE'",
    'alter table `department` add column `publication_number` integer null',
    'alter table `department` add column `held_sdl_hash` text null',
    'alter table `platform_subgraph` add column `publication_number` integer null',
    'alter table `supergraph_version` add column `changes` json null',
    'alter table `supergraph_version` add column `created_by` text null',
    'alter table `supergraph_version` add column `reason` text null',
    'alter table `supergraph_version` add column `restores` integer null',
  ]),
  ...leaseMigrations,
];
