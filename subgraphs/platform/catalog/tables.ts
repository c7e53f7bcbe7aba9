import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { ServiceItemKind, ServiceItemState } from '../../kit/department/types/item-enums.js';
import { CONSUMER_TABLES, PRODUCER_TABLES } from '../../kit/feed/feed-tables.js';
import { leases } from '../../kit/leases/lease-table.js';
import type { StoreDefinition } from '../../kit/store/open-store.js';
import type { ItemContent } from './declaration.js';
import * as mysql from './migrations/mysql.js';
import * as sqlite from './migrations/sqlite.js';

/** The registry's departments, as its feed tells of them. */
export const knownDepartments = defineEntity({
  name: 'KnownDepartment',
  tableName: 'known_department',
  properties: {
    code: p.string().length(32).primary(),
    name: p.string().length(200),
    affiliation: p.string().length(16),
    url: p.string().length(2048),
    subscriptionUrl: p.string().length(2048),
    /** The registry's event it was last changed by. */
    registration: p.string().length(64),
    /** The graph was rolled back to before it joined: it offers nothing any more. */
    withdrawn: p.boolean().default(false),
    /** When its items were last taken over. */
    refreshedAt: p.datetime(3).nullable(),
    /** Raised by every change here, so that an answer fetched before it is not applied after it. */
    revision: p.integer(),
  },
});
export type KnownDepartmentRow = InferEntity<typeof knownDepartments>;

/** The provincial directory. Retired items stay: cases refer to them for ever. */
export const serviceItems = defineEntity({
  name: 'CatalogueItem',
  tableName: 'service_item',
  // Every list is in the order of the primary key. A search for words inside a name can use no tree; it reads the
  // few thousand rows that the other filters leave, in index order, and stops when the page is full.
  indexes: [{ properties: ['state', 'departmentCode', 'code'] }, { properties: ['state', 'kind', 'departmentCode', 'code'] }],
  properties: {
    departmentCode: p.string().length(32).primary(),
    code: p.string().length(64).primary(),
    name: p.string().length(300),
    /** The name as it is searched; see `searchable`. */
    searchText: p.string().length(1200),
    kind: p.string().$type<ServiceItemKind>().length(16),
    state: p.string().$type<ServiceItemState>().length(16),
    guideVersion: p.integer(),
    promisedDays: p.integer(),
    statutoryDays: p.integer(),
    content: p.json<ItemContent>(),
    declaredAt: p.datetime(3),
    changedAt: p.datetime(3),
  },
});
export type ServiceItemRow = InferEntity<typeof serviceItems>;

/** Why something a department declares is not in the directory. */
export const catalogueProblems = defineEntity({
  name: 'CatalogueProblemRow',
  tableName: 'catalogue_problem',
  properties: {
    departmentCode: p.string().length(32).primary(),
    /** 0 when the department as a whole can't be asked; its declaration's order otherwise. */
    ordinal: p.integer().primary(),
    itemCode: p.string().length(64).nullable(),
    itemName: p.string().length(300).nullable(),
    reason: p.string().length(1000),
    since: p.datetime(3),
  },
});
export type CatalogueProblemRow = InferEntity<typeof catalogueProblems>;

export const CATALOG_STORE: StoreDefinition = {
  tables: [...PRODUCER_TABLES, ...CONSUMER_TABLES, leases, knownDepartments, serviceItems, catalogueProblems],
  migrations: { sqlite: sqlite.catalogMigrations, mysql: mysql.catalogMigrations },
};
