import { sqlMigration } from '../../../kit/store/sql-migration.js';

export const drugMigrations = [
  sqlMigration('20261124-drug', [
    'create table `drug_product` (`case_number` varchar(64) not null, `name` varchar(200) not null, `dosage_form` varchar(100) null, `specification` varchar(200) null, `production_address` varchar(300) null, primary key (`case_number`)) default character set utf8mb4 engine = InnoDB',
    'create table `drug_site_inspection` (`case_number` varchar(64) not null, `visit` int unsigned not null, `inspected_on` varchar(10) not null, `inspectors` int not null, `critical_defects` int not null, `major_defects` int not null, `minor_defects` int not null, `conclusion` varchar(32) not null, `recorded_at` datetime(3) not null, primary key (`case_number`, `visit`)) default character set utf8mb4 engine = InnoDB',
  ]),
  // sealed texts are longer than what is in them
  sqlMigration('20261125-drug-sealed', ['alter table `drug_product` modify `production_address` text null']),
];
