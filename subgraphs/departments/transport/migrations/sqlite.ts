import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const transportMigrations = [
  sqlMigration('20261124-transport', [
    'create table `transport_axle_load` (`case_number` text not null, `axle` integer not null, `kilograms` integer not null, primary key (`case_number`, `axle`))',
    'create table `transport_bridge_check` (`case_number` text not null, `bridge` text not null, `passable` integer not null, `note` text null, `checked_at` datetime not null, primary key (`case_number`, `bridge`))',
    'create table `transport_route` (`case_number` text not null primary key, `origin` text not null, `destination` text not null, `provinces` json not null, `kilometres` double null, `oversize_class` text null)',
  ]),
];
