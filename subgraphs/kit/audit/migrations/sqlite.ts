import { sqlMigration } from '../../store/sql-migration.js';

export const auditMigrations = [
  sqlMigration('20261124-audit', [
    'create table `audit_head` (`name` text not null primary key, `position` bigint not null, `hash` text not null)',
    'create table `audit_record` (`position` bigint not null primary key, `at` bigint not null, `subject` text null, `roles` text not null, `action` text not null, `object` text not null, `outcome` text not null, `request_id` text not null, `count` integer not null, `previous` text not null, `hash` text not null)',
    'create index `audit_record_subject_position_index` on `audit_record` (`subject`, `position`)',
    'create index `audit_record_request_id_index` on `audit_record` (`request_id`)',
  ]),
  sqlMigration('20261124-exchange', [
    'create table `exchange_record` (`id` text not null primary key, `direction` text not null, `sender` text not null, `recipient` text not null, `at` datetime not null, `method` text not null, `path` text not null, `request_id` text not null, `nonce` text not null, `content_digest` text not null, `signature_input` text not null, `signature` text not null, `outcome` text null)',
    'create index `exchange_record_content_digest_index` on `exchange_record` (`content_digest`)',
    'create index `exchange_record_request_id_index` on `exchange_record` (`request_id`)',
    'create index `exchange_record_at_index` on `exchange_record` (`at`)',
    'create unique index `exchange_record_direction_sender_nonce_unique` on `exchange_record` (`direction`, `sender`, `nonce`)',
  ]),
];
