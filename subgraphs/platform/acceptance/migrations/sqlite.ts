import { calendarMigrations } from '../../../kit/calendar/migrations/sqlite.js';
import { consumerMigrations, producerMigrations } from '../../../kit/feed/migrations/sqlite.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const migrations = [
  ...producerMigrations,
  ...consumerMigrations,
  sqlMigration('20261124-ledger', [
    'create table `application` (`id` text not null primary key, `department_code` text not null, `item_code` text not null, `channel` text not null, `materials` json not null, `form` json not null, `applicant_subject` text null, `applicant_kind` text not null, `applicant_name` text not null, `applicant_id_number` text not null, `applicant_phone` text not null, `state` text not null, `submitted_at` datetime not null, `submitted_by` text not null, `request_key` text null, `fingerprint` text not null, `guide_version` integer not null, `case_number` text null, `version` integer not null default 1)',
    'create unique index `application_request_key_unique` on `application` (`request_key`)',
    'create unique index `application_case_number_unique` on `application` (`case_number`)',
    'create index `application_submitted_at_id_index` on `application` (`submitted_at`, `id`)',
    'create index `application_department_code_submitted_at_id_index` on `application` (`department_code`, `submitted_at`, `id`)',
    'create index `application_applicant_subject_submitted_at_id_index` on `application` (`applicant_subject`, `submitted_at`, `id`)',
    'create index `application_state_submitted_at_id_index` on `application` (`state`, `submitted_at`, `id`)',
    'create table `case_count` (`department_code` text not null, `day` text not null, `last` integer not null, primary key (`department_code`, `day`))',
    'create table `case_progress` (`case_number` text not null, `ordinal` integer not null, `event_id` text not null, `source_event_id` text null, `department_code` text not null, `kind` text not null, `occurred_at` datetime not null, `recorded_at` datetime not null, `stage` text not null, `step_code` text null, `step_name` text null, `handler` text null, `note` text null, `detail` json null, primary key (`case_number`, `ordinal`))',
    'create unique index `case_progress_event_id_unique` on `case_progress` (`event_id`)',
    'create table `accepted_case` (`number` text not null primary key, `application_id` text not null, `department_code` text not null, `item_code` text not null, `channel` text not null, `materials` json not null, `form` json not null, `applicant_subject` text null, `applicant_kind` text not null, `applicant_name` text not null, `applicant_id_number` text not null, `applicant_phone` text not null, `accepted_at` datetime not null, `accepted_by` text not null, `stage` text not null, `running_procedures` json not null, `promised_days` integer not null, `statutory_days` integer not null, `promised_due_at` datetime null, `statutory_due_at` datetime null, `due_dates_pending` integer not null, `due_sort` datetime not null, `outcome` text null, `decided_at` datetime null, `certificate_number` text null, `closed_at` datetime null, `progress_count` integer not null, `version` integer not null default 1)',
    'create unique index `accepted_case_application_id_unique` on `accepted_case` (`application_id`)',
    'create index `accepted_case_accepted_at_number_index` on `accepted_case` (`accepted_at`, `number`)',
    'create index `accepted_case_due_sort_number_index` on `accepted_case` (`due_sort`, `number`)',
    'create index `accepted_case_department_code_accepted_at_number_index` on `accepted_case` (`department_code`, `accepted_at`, `number`)',
    'create index `accepted_case_department_code_due_sort_number_index` on `accepted_case` (`department_code`, `due_sort`, `number`)',
    'create index `accepted_case_department_code_item_code_accepted_at_number_index` on `accepted_case` (`department_code`, `item_code`, `accepted_at`, `number`)',
    'create index `accepted_case_applicant_subject_accepted_at_number_index` on `accepted_case` (`applicant_subject`, `accepted_at`, `number`)',
    'create index `accepted_case_applicant_id_number_accepted_at_number_index` on `accepted_case` (`applicant_id_number`, `accepted_at`, `number`)',
    'create index `accepted_case_stage_accepted_at_number_index` on `accepted_case` (`stage`, `accepted_at`, `number`)',
    'create index `accepted_case_closed_at_accepted_at_number_index` on `accepted_case` (`closed_at`, `accepted_at`, `number`)',
    'create index `accepted_case_due_dates_pending_number_index` on `accepted_case` (`due_dates_pending`, `number`)',
    'create table `department` (`code` text not null primary key, `name` text not null, `url` text not null, `subscription_url` text not null, `letters` text not null, `registrations` integer not null)',
    'create unique index `department_letters_unique` on `department` (`letters`)',
    'create table `dispatch` (`case_number` text not null primary key, `department_code` text not null, `state` text not null, `attempts` integer not null, `next_attempt_at` bigint not null, `claimed_by` text null, `last_error_code` text null, `last_error_message` text null, `delivered_at` datetime null, `received_at` datetime null)',
    'create index `dispatch_state_department_code_next_attempt_at_index` on `dispatch` (`state`, `department_code`, `next_attempt_at`)',
    'create table `item` (`department_code` text not null, `code` text not null, `name` text not null, `retired` integer not null, `guide_version` integer not null, `promised_days` integer not null, `statutory_days` integer not null, `materials` json not null, `form_fields` json not null, primary key (`department_code`, `code`))',
  ]),
  ...calendarMigrations,
  sqlMigration('20261124-inbox', [
    'create table `inbox_count` (`audience` text not null, `kind` text not null, `waiting` integer not null, primary key (`audience`, `kind`))',
    'create table `inbox_entry` (`id` text not null primary key, `kind` text not null, `audience` text not null, `department_code` text not null, `item_code` text not null, `waiting_since` datetime not null, `due_at` datetime null, `due_sort` datetime not null, `step_code` text null, `step_name` text null)',
    'create index `inbox_entry_audience_due_sort_id_index` on `inbox_entry` (`audience`, `due_sort`, `id`)',
    'alter table `item` add column `steps` json null',
  ]),
  // personal data is sealed in the columns it stood in, which therefore grow
  sqlMigration('20261124-sealed-applicants', [
    'drop index `accepted_case_applicant_id_number_accepted_at_number_index`',
    'alter table `accepted_case` add column `applicant_id_hash` text null',
    'alter table `application` add column `applicant_id_hash` text null',
    'create index `accepted_case_applicant_id_hash_accepted_at_number_index` on `accepted_case` (`applicant_id_hash`, `accepted_at`, `number`)',
  ]),
];
