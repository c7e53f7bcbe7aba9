import { sqlMigration } from '../../store/sql-migration.js';

export const auditMigrations = [
  sqlMigration('20261124-audit', [
    'create table `audit_head` (`name` varchar(16) not null, `position` bigint not null, `hash` varchar(64) not null, primary key (`name`)) default character set utf8mb4 engine = InnoDB',
    'create table `audit_record` (`position` bigint unsigned not null, `at` bigint not null, `subject` varchar(64) null, `roles` varchar(200) not null, `action` varchar(120) not null, `object` varchar(250) not null, `outcome` varchar(64) not null, `request_id` varchar(64) not null, `count` int not null, `previous` varchar(64) not null, `hash` varchar(64) not null, primary key (`position`)) default character set utf8mb4 engine = InnoDB',
    'alter table `audit_record` add index `audit_record_subject_position_index` (`subject`, `position`)',
    'alter table `audit_record` add index `audit_record_request_id_index` (`request_id`)',
  ]),
  sqlMigration('20261124-exchange', [
    'create table `exchange_record` (`id` varchar(36) not null, `direction` varchar(8) not null, `sender` varchar(32) not null, `recipient` varchar(32) not null, `at` datetime(3) not null, `method` varchar(8) not null, `path` varchar(250) not null, `request_id` varchar(64) not null, `nonce` varchar(64) not null, `content_digest` varchar(100) not null, `signature_input` varchar(500) not null, `signature` varchar(200) not null, `outcome` varchar(64) null, primary key (`id`)) default character set utf8mb4 engine = InnoDB',
    'alter table `exchange_record` add index `exchange_record_content_digest_index` (`content_digest`)',
    'alter table `exchange_record` add index `exchange_record_request_id_index` (`request_id`)',
    'alter table `exchange_record` add index `exchange_record_at_index` (`at`)',
    'alter table `exchange_record` add unique `exchange_record_direction_sender_nonce_unique` (`direction`, `sender`, `nonce`)',
  ]),
];
