import { producerMigrations } from '../../../kit/feed/migrations/mysql.js';
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
];
