import { sqlMigration } from '../../store/sql-migration.js';

export const departmentMigrations = [
  sqlMigration('20261124-department', [
    'create table `case_application` (`case_number` varchar(64) not null, `applicant` json not null, `materials` json not null, `form` json not null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'create table `case_step` (`case_number` varchar(64) not null, `code` varchar(48) not null, `ordinal` int not null, `name` varchar(120) not null, `kind` varchar(32) not null, `started_at` datetime(3) not null, `finished_at` datetime(3) null, `handler` varchar(128) null, `opinion` text null, primary key (`case_number`, `code`)) default character set utf8mb4 engine = InnoDB',
    'create table `certificate` (`case_number` varchar(64) not null, `number` varchar(120) not null, `kind` varchar(32) not null, `issued_at` datetime(3) not null, `valid_until` varchar(10) null, `electronic` tinyint(1) not null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'alter table `certificate` add unique `certificate_number_unique` (`number`)',
    'create table `decision` (`case_number` varchar(64) not null, `outcome` varchar(16) not null, `decided_at` datetime(3) not null, `reasons` text null, `review_rule_version` int not null, `document_number` varchar(120) not null, `seal` varchar(120) not null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'alter table `decision` add unique `decision_document_number_unique` (`document_number`)',
    'create table `delivery` (`case_number` varchar(64) not null, `channel` varchar(32) not null, `delivered_at` datetime(3) not null, `tracking_number` varchar(64) null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'create table `department_case` (`number` varchar(64) not null, `item_code` varchar(40) not null, `accepted_at` datetime(3) not null, `received_at` datetime(3) not null, `promised_days` int not null, `statutory_days` int not null, `promised_due_at` datetime(3) null, `statutory_due_at` datetime(3) null, `version` int not null, primary key (`number`)) default character set utf8mb4 engine = InnoDB',
    'create table `limit_extension` (`case_number` varchar(64) not null, `days` int not null, `reason` text not null, `decided_at` datetime(3) not null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'create table `special_procedure` (`case_number` varchar(64) not null, `ordinal` int unsigned not null, `kind` varchar(32) not null, `reason` text not null, `expected_days` int null, `started_at` datetime(3) not null, `finished_at` datetime(3) null, primary key (`case_number`, `ordinal`)) default character set utf8mb4 engine = InnoDB',
  ]),
];
