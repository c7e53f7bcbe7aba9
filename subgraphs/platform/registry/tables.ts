import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { DepartmentRoute } from '../../../schema/composition/supergraph-document.js';
import { PRODUCER_TABLES } from '../../kit/feed/feed-tables.js';
import type { StoreDefinition } from '../../kit/store/open-store.js';
import type { DepartmentAffiliation } from './department.js';
import * as mysql from './migrations/mysql.js';
import * as sqlite from './migrations/sqlite.js';

/** What a department publishes now. Its SDL is in JSON because `text` ends at 64 KB on MySQL. */
export const departments = defineEntity({
  name: 'RegisteredDepartment',
  tableName: 'department',
  properties: {
    code: p.string().length(32).primary(),
    name: p.string().length(200),
    affiliation: p.string().$type<DepartmentAffiliation>().length(16),
    url: p.string().length(2048),
    subscriptionUrl: p.string().length(2048),
    publication: p.json<{ sdl: string }>(),
    sdlHash: p.string().length(64),
    registeredAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer().version(),
  },
});
export type DepartmentRow = InferEntity<typeof departments>;

/** What a subgraph of the platform publishes now. */
export const platformSubgraphs = defineEntity({
  name: 'RegisteredPlatformSubgraph',
  tableName: 'platform_subgraph',
  properties: {
    name: p.string().length(32).primary(),
    url: p.string().length(2048),
    subscriptionUrl: p.string().length(2048),
    publication: p.json<{ sdl: string }>(),
    sdlHash: p.string().length(64),
    registeredAt: p.datetime(3),
    updatedAt: p.datetime(3),
    version: p.integer().version(),
  },
});
export type PlatformRow = InferEntity<typeof platformSubgraphs>;

/** One subgraph as it went into a composition. */
export interface CompositionPart {
  readonly kind: 'department' | 'platform';
  readonly name: string;
  readonly url: string;
  readonly subscriptionUrl: string;
  readonly sdlHash: string;
}

/** Every supergraph that was ever in force, oldest first by number. */
export const supergraphVersions = defineEntity({
  name: 'SupergraphVersion',
  tableName: 'supergraph_version',
  indexes: [{ properties: ['compositionKey', 'number'] }],
  properties: {
    number: p.integer().primary().autoincrement(false),
    /** What gateways compare; a graph that comes back has the version it had. */
    version: p.string().length(16),
    /** Equal for compositions that differ in nothing but URLs. */
    compositionKey: p.string().length(64),
    document: p.json<{ sdl: string; departments: DepartmentRoute[] }>(),
    composedFrom: p.json<CompositionPart[]>(),
    createdAt: p.datetime(3),
  },
});
export type SupergraphVersionRow = InferEntity<typeof supergraphVersions>;

/** Raised by every change, so that two instances that read the same state can't both change it. */
export const registryHeads = defineEntity({
  name: 'RegistryHead',
  tableName: 'registry_head',
  properties: {
    name: p.string().length(16).primary(),
    revision: p.integer(),
  },
});

export const REGISTRY_STORE: StoreDefinition = {
  tables: [...PRODUCER_TABLES, departments, platformSubgraphs, supergraphVersions, registryHeads],
  migrations: { sqlite: sqlite.registryMigrations, mysql: mysql.registryMigrations },
};
