import { calendarMigrations } from '../../../kit/calendar/migrations/mysql.js';
import { consumerMigrations, producerMigrations } from '../../../kit/feed/migrations/mysql.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const migrations = [
  ...producerMigrations,
  ...consumerMigrations,
  sqlMigration('20261124-ledger', [
    'create table `application` (`id` varchar(36) not null, `department_code` varchar(32) not null, `item_code` varchar(64) not null, `channel` varchar(16) not null, `materials` json not null, `form` json not null, `applicant_subject` varchar(128) null, `applicant_kind` varchar(32) not null, `applicant_name` varchar(200) not null, `applicant_id_number` varchar(18) not null, `applicant_phone` varchar(32) not null, `state` varchar(16) not null, `submitted_at` datetime(3) not null, `submitted_by` varchar(64) not null, `request_key` varchar(64) null, `fingerprint` varchar(64) not null, `guide_version` int not null, `case_number` varchar(32) null, `version` int not null default 1, primary key (`id`)) default character set utf8mb4 engine = InnoDB',
    'alter table `application` add unique `application_request_key_unique` (`request_key`)',
    'alter table `application` add unique `application_case_number_unique` (`case_number`)',
    'alter table `application` add index `application_submitted_at_id_index` (`submitted_at`, `id`)',
    'alter table `application` add index `application_department_code_submitted_at_id_index` (`department_code`, `submitted_at`, `id`)',
    'alter table `application` add index `application_applicant_subject_submitted_at_id_index` (`applicant_subject`, `submitted_at`, `id`)',
    'alter table `application` add index `application_state_submitted_at_id_index` (`state`, `submitted_at`, `id`)',
    'create table `case_count` (`department_code` varchar(32) not null, `day` varchar(10) not null, `last` int not null, primary key (`department_code`, `day`)) default character set utf8mb4 engine = InnoDB',
    'create table `case_progress` (`case_number` varchar(32) not null, `ordinal` int unsigned not null, `event_id` varchar(36) not null, `source_event_id` varchar(64) null, `department_code` varchar(32) not null, `kind` varchar(32) not null, `occurred_at` datetime(3) not null, `recorded_at` datetime(3) not null, `stage` varchar(24) not null, `step_code` varchar(64) null, `step_name` varchar(200) null, `handler` varchar(200) null, `note` text null, `detail` json null, primary key (`case_number`, `ordinal`)) default character set utf8mb4 engine = InnoDB',
    'alter table `case_progress` add unique `case_progress_event_id_unique` (`event_id`)',
    'create table `accepted_case` (`number` varchar(32) not null, `application_id` varchar(36) not null, `department_code` varchar(32) not null, `item_code` varchar(64) not null, `channel` varchar(16) not null, `materials` json not null, `form` json not null, `applicant_subject` varchar(128) null, `applicant_kind` varchar(32) not null, `applicant_name` varchar(200) not null, `applicant_id_number` varchar(18) not null, `applicant_phone` varchar(32) not null, `accepted_at` datetime(3) not null, `accepted_by` varchar(64) not null, `stage` varchar(24) not null, `running_procedures` json not null, `promised_days` int not null, `statutory_days` int not null, `promised_due_at` datetime(3) null, `statutory_due_at` datetime(3) null, `due_dates_pending` tinyint(1) not null, `due_sort` datetime(3) not null, `outcome` varchar(16) null, `decided_at` datetime(3) null, `certificate_number` varchar(128) null, `closed_at` datetime(3) null, `progress_count` int not null, `version` int not null default 1, primary key (`number`)) default character set utf8mb4 engine = InnoDB',
    'alter table `accepted_case` add unique `accepted_case_application_id_unique` (`application_id`)',
    'alter table `accepted_case` add index `accepted_case_accepted_at_number_index` (`accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_due_sort_number_index` (`due_sort`, `number`)',
    'alter table `accepted_case` add index `accepted_case_department_code_accepted_at_number_index` (`department_code`, `accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_department_code_due_sort_number_index` (`department_code`, `due_sort`, `number`)',
    'alter table `accepted_case` add index `accepted_case_department_code_item_code_accepted_at_number_index` (`department_code`, `item_code`, `accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_applicant_subject_accepted_at_number_index` (`applicant_subject`, `accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_applicant_id_number_accepted_at_number_index` (`applicant_id_number`, `accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_stage_accepted_at_number_index` (`stage`, `accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_closed_at_accepted_at_number_index` (`closed_at`, `accepted_at`, `number`)',
    'alter table `accepted_case` add index `accepted_case_due_dates_pending_number_index` (`due_dates_pending`, `number`)',
    'create table `department` (`code` varchar(32) not null, `name` varchar(200) not null, `url` varchar(2048) not null, `subscription_url` varchar(2048) not null, `letters` varchar(4) not null, `registrations` int not null, primary key (`code`)) default character set utf8mb4 engine = InnoDB',
    'alter table `department` add unique `department_letters_unique` (`letters`)',
    'create table `dispatch` (`case_number` varchar(32) not null, `department_code` varchar(32) not null, `state` varchar(16) not null, `attempts` int not null, `next_attempt_at` bigint not null, `claimed_by` varchar(36) null, `last_error_code` varchar(64) null, `last_error_message` varchar(500) null, `delivered_at` datetime(3) null, `received_at` datetime(3) null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'alter table `dispatch` add index `dispatch_state_department_code_next_attempt_at_index` (`state`, `department_code`, `next_attempt_at`)',
    'create table `item` (`department_code` varchar(32) not null, `code` varchar(64) not null, `name` varchar(200) not null, `retired` tinyint(1) not null, `guide_version` int not null, `promised_days` int not null, `statutory_days` int not null, `materials` json not null, `form_fields` json not null, primary key (`department_code`, `code`)) default character set utf8mb4 engine = InnoDB',
  ]),
  ...calendarMigrations,
  sqlMigration('20261124-inbox', [
    'create table `inbox_count` (`audience` varchar(80) not null, `kind` varchar(32) not null, `waiting` int not null, primary key (`audience`, `kind`)) default character set utf8mb4 engine = InnoDB',
    'create table `inbox_entry` (`id` varchar(48) not null, `kind` varchar(32) not null, `audience` varchar(80) not null, `department_code` varchar(32) not null, `item_code` varchar(64) not null, `waiting_since` datetime(3) not null, `due_at` datetime(3) null, `due_sort` datetime(3) not null, `step_code` varchar(64) null, `step_name` varchar(200) null, primary key (`id`)) default character set utf8mb4 engine = InnoDB',
    'alter table `inbox_entry` add index `inbox_entry_audience_due_sort_id_index` (`audience`, `due_sort`, `id`)',
    'alter table `item` add `steps` json null',
  ]),
  // personal data is sealed in the columns it stood in, which therefore grow
  sqlMigration('20261124-sealed-applicants', [
    'alter table `accepted_case` drop index `accepted_case_applicant_id_number_accepted_at_number_index`',
    'alter table `accepted_case` modify `applicant_name` text not null, modify `applicant_id_number` text not null, modify `applicant_phone` text not null, add `applicant_id_hash` varchar(64) null',
    'alter table `application` modify `applicant_name` text not null, modify `applicant_id_number` text not null, modify `applicant_phone` text not null, modify `fingerprint` text not null, add `applicant_id_hash` varchar(64) null',
    'alter table `accepted_case` add index `accepted_case_applicant_id_hash_accepted_at_number_index` (`applicant_id_hash`, `accepted_at`, `number`)',
  ]),
];
