import { calendarMigrations } from '../../../kit/calendar/migrations/mysql.js';
import { consumerMigrations, producerMigrations } from '../../../kit/feed/migrations/mysql.js';
import { leaseMigrations } from '../../../kit/leases/migrations/mysql.js';
import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const migrations = [
  ...producerMigrations,
  ...consumerMigrations,
  ...calendarMigrations,
  sqlMigration('20261124-supervision', [
    'create table `alert_move` (`alert_id` varchar(40) not null, `ordinal` int unsigned not null, `kind` varchar(24) not null, `at` datetime(3) not null, `actor` varchar(64) null, `role` varchar(48) null, `text` text null, `due_at` datetime(3) null, primary key (`alert_id`, `ordinal`)) default character set utf8mb4 engine = InnoDB',
    'create table `alert` (`id` varchar(40) not null, `subject` varchar(120) not null, `rule` varchar(32) not null, `occurrence` varchar(80) not null, `level` varchar(8) not null, `state` varchar(24) not null, `in_hand` tinyint(1) not null, `place` varchar(24) not null, `department_code` varchar(32) not null, `item_code` varchar(64) null, `case_number` varchar(64) null, `arisen_at` datetime(3) not null, `raised_at` datetime(3) not null, `due_at` datetime(3) null, `over_at` datetime(3) null, `order_due_at` datetime(3) null, `detail` json not null, `move_count` int not null, `version` int not null default 1, primary key (`id`)) default character set utf8mb4 engine = InnoDB',
    'alter table `alert` add index `alert_subject_index` (`subject`)',
    'alter table `alert` add index `alert_case_number_place_id_index` (`case_number`, `place`, `id`)',
    'alter table `alert` add index `alert_place_id_index` (`place`, `id`)',
    'alter table `alert` add index `alert_in_hand_place_id_index` (`in_hand`, `place`, `id`)',
    'alter table `alert` add index `alert_state_place_id_index` (`state`, `place`, `id`)',
    'alter table `alert` add index `alert_rule_in_hand_place_id_index` (`rule`, `in_hand`, `place`, `id`)',
    'alter table `alert` add index `alert_department_code_place_id_index` (`department_code`, `place`, `id`)',
    'alter table `alert` add index `alert_department_code_in_hand_place_id_index` (`department_code`, `in_hand`, `place`, `id`)',
    'alter table `alert` add index `alert_department_code_state_place_id_index` (`department_code`, `state`, `place`, `id`)',
    'create table `alert_tally` (`department_code` varchar(32) not null, `rule` varchar(32) not null, `level` varchar(8) not null, `state` varchar(24) not null, `count` int not null, primary key (`department_code`, `rule`, `level`, `state`)) default character set utf8mb4 engine = InnoDB',
    'create table `case_figure` (`day` varchar(10) not null, `department_code` varchar(32) not null, `item_code` varchar(64) not null, `channel` varchar(16) not null, `accepted` int not null, `decided` int not null, `approved` int not null, `refused` int not null, `in_promised` int not null, `in_statutory` int not null, `working_days` int not null, `promised_days` int not null, `statutory_days` int not null, primary key (`day`, `department_code`, `item_code`, `channel`)) default character set utf8mb4 engine = InnoDB',
    'alter table `case_figure` add index `case_figure_department_code_day_index` (`department_code`, `day`)',
    'create table `supervised_case` (`id` varchar(120) not null, `department_code` varchar(32) not null, `item_code` varchar(64) null, `case_number` varchar(64) null, `channel` varchar(16) null, `promised_days` int null, `statutory_days` int null, `facts` json not null, `contributions` json not null, `next_check_at` datetime(3) null, `pending` tinyint(1) not null, `version` int not null default 1, primary key (`id`)) default character set utf8mb4 engine = InnoDB',
    'alter table `supervised_case` add index `supervised_case_next_check_at_id_index` (`next_check_at`, `id`)',
    'alter table `supervised_case` add index `supervised_case_department_code_item_code_index` (`department_code`, `item_code`)',
    'alter table `supervised_case` add index `supervised_case_case_number_index` (`case_number`)',
    'alter table `supervised_case` add index `supervised_case_pending_id_index` (`pending`, `id`)',
    'create table `supervised_item` (`department_code` varchar(32) not null, `code` varchar(64) not null, `history` json not null, primary key (`department_code`, `code`)) default character set utf8mb4 engine = InnoDB',
  ]),
  ...leaseMigrations,
  // a number that a department reports is what it is: another one in case or accents alone is another case
  sqlMigration('20261125-supervision-told-apart', [
    'alter table `supervised_case` modify `id` varchar(120) character set utf8mb4 collate utf8mb4_bin not null, modify `case_number` varchar(64) character set utf8mb4 collate utf8mb4_bin null',
    'alter table `alert` modify `subject` varchar(120) character set utf8mb4 collate utf8mb4_bin not null, modify `case_number` varchar(64) character set utf8mb4 collate utf8mb4_bin null',
  ]),
];
