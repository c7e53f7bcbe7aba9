import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import type { EndpointState } from '../endpoint-state.js';

/** What a department's endpoint answered when it was last asked what it is. */
export const endpointObservations = defineEntity({
  name: 'EndpointObservation',
  tableName: 'endpoint_observation',
  properties: {
    code: p.string().length(32).primary(),
    state: p.string().$type<EndpointState>().length(16),
    /** Since when it has been so. */
    since: p.datetime(3),
    checkedAt: p.datetime(3),
    /** Members that it answers and did not publish (+), or published and does not answer (-). */
    differences: p.json<string[]>(),
  },
});
export type EndpointObservationRow = InferEntity<typeof endpointObservations>;
