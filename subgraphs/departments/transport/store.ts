import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { sealedText } from '../../kit/privacy/sealed-columns.js';
import type { TransportOversizeClass } from './types.js';

/** The route an application is about, as its form says. */
export const routes = defineEntity({
  name: 'TransportRouteRecord',
  tableName: 'transport_route',
  properties: {
    caseNumber: p.string().length(64).primary(),
    origin: sealedText('WRITING', 'transport_route.origin'),
    destination: sealedText('WRITING', 'transport_route.destination'),
    provinces: p.json<string[]>(),
    kilometres: p.double().nullable(),
    oversizeClass: p.string().length(8).$type<TransportOversizeClass>().nullable(),
  },
});
export type RouteRow = InferEntity<typeof routes>;

export const axleLoads = defineEntity({
  name: 'TransportAxleLoadRecord',
  tableName: 'transport_axle_load',
  properties: {
    caseNumber: p.string().length(64).primary(),
    /** 1 for the front axle. */
    axle: p.integer().primary().autoincrement(false),
    kilograms: p.integer(),
  },
});
export type AxleLoadRow = InferEntity<typeof axleLoads>;

/** The last word on a bridge of the route. */
export const bridgeChecks = defineEntity({
  name: 'TransportBridgeCheckRecord',
  tableName: 'transport_bridge_check',
  properties: {
    caseNumber: p.string().length(64).primary(),
    bridge: p.string().length(120).primary(),
    passable: p.boolean(),
    note: sealedText('WRITING', 'transport_bridge_check.note').nullable(),
    checkedAt: p.datetime(3),
  },
});
export type BridgeCheckRow = InferEntity<typeof bridgeChecks>;

export const TABLES = [routes, axleLoads, bridgeChecks] as const;
