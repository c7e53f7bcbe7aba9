import { producerMigrations } from '../../../kit/feed/migrations/sqlite.js';
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
];
