import { consumerMigrations, producerMigrations } from '../../../kit/feed/migrations/mysql.js';
import { leaseMigrations } from '../../../kit/leases/migrations/mysql.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const catalogMigrations = [
  ...producerMigrations,
  ...consumerMigrations,
  sqlMigration('20261124-catalog', [
    'create table `service_item` (`department_code` varchar(32) not null, `code` varchar(64) not null, `name` varchar(300) not null, `search_text` varchar(1200) not null, `kind` varchar(16) not null, `state` varchar(16) not null, `guide_version` int not null, `promised_days` int not null, `statutory_days` int not null, `content` json not null, `declared_at` datetime(3) not null, `changed_at` datetime(3) not null, primary key (`department_code`, `code`)) default character set utf8mb4 engine = InnoDB',
    'alter table `service_item` add index `service_item_state_department_code_code_index` (`state`, `department_code`, `code`)',
    'alter table `service_item` add index `service_item_state_kind_department_code_code_index` (`state`, `kind`, `department_code`, `code`)',
    'create table `catalogue_problem` (`department_code` varchar(32) not null, `ordinal` int unsigned not null, `item_code` varchar(64) null, `item_name` varchar(300) null, `reason` varchar(1000) not null, `since` datetime(3) not null, primary key (`department_code`, `ordinal`)) default character set utf8mb4 engine = InnoDB',
    'create table `known_department` (`code` varchar(32) not null, `name` varchar(200) not null, `affiliation` varchar(16) not null, `url` varchar(2048) not null, `subscription_url` varchar(2048) not null, `registration` varchar(64) not null, `refreshed_at` datetime(3) null, `revision` int not null, primary key (`code`)) default character set utf8mb4 engine = InnoDB',
  ]),
  sqlMigration('20261124-withdrawn-departments', ['alter table `known_department` add `withdrawn` tinyint(1) not null default false']),
  ...leaseMigrations,
];
