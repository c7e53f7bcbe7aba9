import { producerMigrations } from '../../../kit/feed/migrations/mysql.js';
import { leaseMigrations } from '../../../kit/leases/migrations/mysql.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const registryMigrations = [
  ...producerMigrations,
  sqlMigration('20261124-registry', [
    'create table `department` (`code` varchar(32) not null, `name` varchar(200) not null, `affiliation` varchar(16) not null, `url` varchar(2048) not null, `subscription_url` varchar(2048) not null, `publication` json not null, `sdl_hash` varchar(64) not null, `registered_at` datetime(3) not null, `updated_at` datetime(3) not null, `version` int not null default 1, primary key (`code`)) default character set utf8mb4 engine = InnoDB',
    'create table `platform_subgraph` (`name` varchar(32) not null, `url` varchar(2048) not null, `subscription_url` varchar(2048) not null, `publication` json not null, `sdl_hash` varchar(64) not null, `registered_at` datetime(3) not null, `updated_at` datetime(3) not null, `version` int not null default 1, primary key (`name`)) default character set utf8mb4 engine = InnoDB',
    'create table `registry_head` (`name` varchar(16) not null, `revision` int not null, primary key (`name`)) default character set utf8mb4 engine = InnoDB',
    'create table `supergraph_version` (`number` int unsigned not null, `version` varchar(16) not null, `composition_key` varchar(64) not null, `document` json not null, `composed_from` json not null, `created_at` datetime(3) not null, primary key (`number`)) default character set utf8mb4 engine = InnoDB',
    'alter table `supergraph_version` add index `supergraph_version_composition_key_number_index` (`composition_key`, `number`)',
  ]),
  sqlMigration('20261125-publications', [
    'create table `endpoint_observation` (`code` varchar(32) not null, `state` varchar(16) not null, `since` datetime(3) not null, `checked_at` datetime(3) not null, `differences` json not null, primary key (`code`)) default character set utf8mb4 engine = InnoDB',
    'create table `operation` (`hash` varchar(64) not null, `name` varchar(200) not null, `document` json not null, `first_seen` datetime(3) not null, primary key (`hash`)) default character set utf8mb4 engine = InnoDB',
    'create table `operation_field` (`coordinate` varchar(300) not null, `hash` varchar(64) not null, primary key (`coordinate`, `hash`)) default character set utf8mb4 engine = InnoDB',
    'create table `operation_use` (`hash` varchar(64) not null, `client` varchar(64) not null, `count` bigint not null, `last_seen` datetime(3) not null, primary key (`hash`, `client`)) default character set utf8mb4 engine = InnoDB',
    'alter table `operation_use` add index `operation_use_last_seen_index` (`last_seen`)',
    'create table `publication` (`number` int unsigned not null, `kind` varchar(16) not null, `name` varchar(32) not null, `url` varchar(2048) not null, `subscription_url` varchar(2048) not null, `sdl_hash` varchar(64) not null, `published_by` varchar(200) not null, `published_at` datetime(3) not null, `reason` varchar(500) null, `override_reason` varchar(500) null, `overridden` json null, primary key (`number`)) default character set utf8mb4 engine = InnoDB',
    'alter table `publication` add index `publication_kind_name_number_index` (`kind`, `name`, `number`)',
    'create table `published_sdl` (`hash` varchar(64) not null, `content` json not null, primary key (`hash`)) default character set utf8mb4 engine = InnoDB',
    "alter table `department` add `contact` varchar(200) null, add `state` varchar(16) not null default 'ACTIVE', add `publication_number` int null, add `held_sdl_hash` varchar(64) null",
    'alter table `platform_subgraph` add `publication_number` int null',
    'alter table `supergraph_version` add `changes` json null, add `created_by` varchar(200) null, add `reason` varchar(500) null, add `restores` int null',
  ]),
  ...leaseMigrations,
];
