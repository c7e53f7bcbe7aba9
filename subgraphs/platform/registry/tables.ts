import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { DepartmentRoute } from '../../../schema/composition/supergraph-document.js';
import { PRODUCER_TABLES } from '../../kit/feed/feed-tables.js';
import { leases } from '../../kit/leases/lease-table.js';
import type { StoreDefinition } from '../../kit/store/open-store.js';
import type { SchemaChange } from './composing/schema-changes.js';
import type { DepartmentAffiliation, DepartmentState } from './department.js';
import { endpointObservations } from './drift/tables.js';
import * as mysql from './migrations/mysql.js';
import * as sqlite from './migrations/sqlite.js';
import { operationFields, operations, operationUses } from './usage/tables.js';

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
    contact: p.string().length(200).nullable(),
    state: p.string().$type<DepartmentState>().length(16).default('ACTIVE'),
    /** The publication in force; null only in stores older than publications. */
    publicationNumber: p.integer().nullable(),
    /** What a rollback took out of force: starting again with it must not bring it back. */
    heldSdlHash: p.string().length(64).nullable(),
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
    publicationNumber: p.integer().nullable(),
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
  /** The publication it was; absent in versions older than publications. */
  readonly publication?: number | undefined;
}

/** Every text that was ever published, once. */
export const publishedSdls = defineEntity({
  name: 'PublishedSdl',
  tableName: 'published_sdl',
  properties: {
    hash: p.string().length(64).primary(),
    content: p.json<{ sdl: string }>(),
  },
});

/** Everything that was ever published, oldest first by number; never changed. */
export const publications = defineEntity({
  name: 'Publication',
  tableName: 'publication',
  indexes: [{ properties: ['kind', 'name', 'number'] }],
  properties: {
    number: p.integer().primary().autoincrement(false),
    kind: p.string().$type<'department' | 'platform'>().length(16),
    name: p.string().length(32),
    url: p.string().length(2048),
    subscriptionUrl: p.string().length(2048),
    sdlHash: p.string().length(64),
    publishedBy: p.string().length(200),
    publishedAt: p.datetime(3),
    reason: p.string().length(500).nullable(),
    /** Why changes that clients would feel were published all the same. */
    overrideReason: p.string().length(500).nullable(),
    /** The changes that it overrode, as they were judged. */
    overridden: p.json<SchemaChange[]>().nullable(),
  },
});
export type PublicationRow = InferEntity<typeof publications>;

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
    /** What changed for clients against the version before; null where there was none, or in older stores. */
    changes: p.json<SchemaChange[]>().nullable(),
    createdBy: p.string().length(200).nullable(),
    reason: p.string().length(500).nullable(),
    /** The version that a rollback brought back. */
    restores: p.integer().nullable(),
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
  tables: [
    ...PRODUCER_TABLES,
    leases,
    departments,
    platformSubgraphs,
    supergraphVersions,
    registryHeads,
    publishedSdls,
    publications,
    operations,
    operationUses,
    operationFields,
    endpointObservations,
  ],
  migrations: { sqlite: sqlite.registryMigrations, mysql: mysql.registryMigrations },
};
