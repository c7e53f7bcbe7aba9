import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const transportMigrations = [
  sqlMigration('20261124-transport', [
    'create table `transport_axle_load` (`case_number` varchar(64) not null, `axle` int unsigned not null, `kilograms` int not null, primary key (`case_number`, `axle`)) default character set utf8mb4 engine = InnoDB',
    'create table `transport_bridge_check` (`case_number` varchar(64) not null, `bridge` varchar(120) not null, `passable` tinyint(1) not null, `note` varchar(500) null, `checked_at` datetime(3) not null, primary key (`case_number`, `bridge`)) default character set utf8mb4 engine = InnoDB',
    'create table `transport_route` (`case_number` varchar(64) not null, `origin` varchar(200) not null, `destination` varchar(200) not null, `provinces` json not null, `kilometres` double null, `oversize_class` varchar(8) null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
  ]),
  // sealed texts are longer than what is in them
  sqlMigration('20261125-transport-sealed', [
    'alter table `transport_route` modify `origin` text not null, modify `destination` text not null',
    'alter table `transport_bridge_check` modify `note` text null',
  ]),
];
