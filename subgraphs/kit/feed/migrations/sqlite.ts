import { sqlMigration } from '../../store/sql-migration.js';

export const producerMigrations = [
  sqlMigration('20261124-feed-producer', [
    'create table `feed_event` (`position` bigint not null primary key, `id` text not null, `kind` text not null, `scope` text not null, `subject` text not null, `payload` json not null, `occurred_at` datetime not null)',
    'create unique index `feed_event_id_unique` on `feed_event` (`id`)',
    'create index `feed_event_subject_position_index` on `feed_event` (`subject`, `position`)',
    'create index `feed_event_scope_position_index` on `feed_event` (`scope`, `position`)',
    'create table `feed_head` (`name` text not null primary key, `feed_id` text not null, `position` bigint not null)',
  ]),
  sqlMigration('20261124-feed-retention', [
    'alter table `feed_head` rename to `feed_head_before`',
    'create table `feed_head` (`name` text not null primary key, `feed_id` text not null, `position` bigint not null, `pruned` bigint not null)',
    'insert into `feed_head` select `name`, `feed_id`, `position`, 0 from `feed_head_before`',
    'drop table `feed_head_before`',
    'create table `feed_mark` (`position` bigint not null primary key, `marked_at` datetime not null)',
  ]),
];

export const consumerMigrations = [
  sqlMigration('20261124-feed-consumer', [
    'create table `feed_applied` (`source` text not null, `event_id` text not null, `refusal` text null, `applied_at` datetime not null, primary key (`source`, `event_id`))',
    'create table `feed_cursor` (`source` text not null primary key, `cursor` text not null, `updated_at` datetime not null)',
  ]),
  sqlMigration('20261125-feed-rewound', [
    'alter table `feed_cursor` add column `rewound_code` text null',
    'alter table `feed_cursor` add column `rewound_at` datetime null',
  ]),
];
