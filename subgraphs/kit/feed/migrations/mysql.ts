import { sqlMigration } from '../../store/sql-migration.js';

export const producerMigrations = [
  sqlMigration('20261124-feed-producer', [
    'create table `feed_event` (`position` bigint unsigned not null, `id` varchar(64) not null, `kind` varchar(48) not null, `scope` varchar(32) not null, `subject` varchar(64) not null, `payload` json not null, `occurred_at` datetime(3) not null, primary key (`position`)) default character set utf8mb4 engine = InnoDB',
    'alter table `feed_event` add unique `feed_event_id_unique` (`id`)',
    'alter table `feed_event` add index `feed_event_subject_position_index` (`subject`, `position`)',
    'alter table `feed_event` add index `feed_event_scope_position_index` (`scope`, `position`)',
    'create table `feed_head` (`name` varchar(48) not null, `feed_id` varchar(36) not null, `position` bigint not null, primary key (`name`)) default character set utf8mb4 engine = InnoDB',
  ]),
  sqlMigration('20261124-feed-retention', [
    'alter table `feed_head` add `pruned` bigint not null default 0',
    'alter table `feed_head` modify `pruned` bigint not null',
    'create table `feed_mark` (`position` bigint unsigned not null, `marked_at` datetime(3) not null, primary key (`position`)) default character set utf8mb4 engine = InnoDB',
  ]),
];

export const consumerMigrations = [
  sqlMigration('20261124-feed-consumer', [
    'create table `feed_applied` (`source` varchar(96) not null, `event_id` varchar(64) not null, `refusal` varchar(500) null, `applied_at` datetime(3) not null, primary key (`source`, `event_id`)) default character set utf8mb4 engine = InnoDB',
    'create table `feed_cursor` (`source` varchar(96) not null, `cursor` varchar(512) not null, `updated_at` datetime(3) not null, primary key (`source`)) default character set utf8mb4 engine = InnoDB',
  ]),
  sqlMigration('20261125-feed-rewound', [
    'alter table `feed_cursor` add `rewound_code` varchar(32) null, add `rewound_at` datetime(3) null',
  ]),
];
