import { calendarMigrations } from '../../../kit/calendar/migrations/sqlite.js';
import { consumerMigrations, producerMigrations } from '../../../kit/feed/migrations/sqlite.js';
import { leaseMigrations } from '../../../kit/leases/migrations/sqlite.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const migrations = [
  ...producerMigrations,
  ...consumerMigrations,
  ...calendarMigrations,
  sqlMigration('20261124-supervision', [
    'create table `alert_move` (`alert_id` text not null, `ordinal` integer not null, `kind` text not null, `at` datetime not null, `actor` text null, `role` text null, `text` text null, `due_at` datetime null, primary key (`alert_id`, `ordinal`))',
    'create table `alert` (`id` text not null primary key, `subject` text not null, `rule` text not null, `occurrence` text not null, `level` text not null, `state` text not null, `in_hand` integer not null, `place` text not null, `department_code` text not null, `item_code` text null, `case_number` text null, `arisen_at` datetime not null, `raised_at` datetime not null, `due_at` datetime null, `over_at` datetime null, `order_due_at` datetime null, `detail` json not null, `move_count` integer not null, `version` integer not null default 1)',
    'create index `alert_subject_index` on `alert` (`subject`)',
    'create index `alert_case_number_place_id_index` on `alert` (`case_number`, `place`, `id`)',
    'create index `alert_place_id_index` on `alert` (`place`, `id`)',
    'create index `alert_in_hand_place_id_index` on `alert` (`in_hand`, `place`, `id`)',
    'create index `alert_state_place_id_index` on `alert` (`state`, `place`, `id`)',
    'create index `alert_rule_in_hand_place_id_index` on `alert` (`rule`, `in_hand`, `place`, `id`)',
    'create index `alert_department_code_place_id_index` on `alert` (`department_code`, `place`, `id`)',
    'create index `alert_department_code_in_hand_place_id_index` on `alert` (`department_code`, `in_hand`, `place`, `id`)',
    'create index `alert_department_code_state_place_id_index` on `alert` (`department_code`, `state`, `place`, `id`)',
    'create table `alert_tally` (`department_code` text not null, `rule` text not null, `level` text not null, `state` text not null, `count` integer not null, primary key (`department_code`, `rule`, `level`, `state`))',
    'create table `case_figure` (`day` text not null, `department_code` text not null, `item_code` text not null, `channel` text not null, `accepted` integer not null, `decided` integer not null, `approved` integer not null, `refused` integer not null, `in_promised` integer not null, `in_statutory` integer not null, `working_days` integer not null, `promised_days` integer not null, `statutory_days` integer not null, primary key (`day`, `department_code`, `item_code`, `channel`))',
    'create index `case_figure_department_code_day_index` on `case_figure` (`department_code`, `day`)',
    'create table `supervised_case` (`id` text not null primary key, `department_code` text not null, `item_code` text null, `case_number` text null, `channel` text null, `promised_days` integer null, `statutory_days` integer null, `facts` json not null, `contributions` json not null, `next_check_at` datetime null, `pending` integer not null, `version` integer not null default 1)',
    'create index `supervised_case_next_check_at_id_index` on `supervised_case` (`next_check_at`, `id`)',
    'create index `supervised_case_department_code_item_code_index` on `supervised_case` (`department_code`, `item_code`)',
    'create index `supervised_case_case_number_index` on `supervised_case` (`case_number`)',
    'create index `supervised_case_pending_id_index` on `supervised_case` (`pending`, `id`)',
    'create table `supervised_item` (`department_code` text not null, `code` text not null, `history` json not null, primary key (`department_code`, `code`))',
  ]),
  ...leaseMigrations,
];
