import type { RunningDepartment } from '../kit/department/start-department.js';
import type { FederatedSchema } from '../kit/schema/federated-schema.js';
import type { SubgraphEnvironment } from '../kit/server/subgraph-environment.js';
import { drug, drugSchema, startDrug } from './drug/index.js';
import { housing, housingSchema, startHousing } from './housing/index.js';
import { startTransport, transport, transportSchema } from './transport/index.js';

/** A department that this repository has, ready to start. */
export interface KnownDepartment {
  readonly code: string;
  readonly name: string;
  /** 省直 or 中央驻豫 (Art. 2). */
  readonly affiliation: 'PROVINCIAL' | 'CENTRAL';
  start(env: SubgraphEnvironment): Promise<RunningDepartment>;
  /** Its schema and the SDL it publishes, without starting anything. */
  schema(): Promise<FederatedSchema>;
}

export const DEPARTMENTS: readonly KnownDepartment[] = [
  { code: drug.code, name: drug.name, affiliation: drug.affiliation, start: startDrug, schema: drugSchema },
  { code: transport.code, name: transport.name, affiliation: transport.affiliation, start: startTransport, schema: transportSchema },
  { code: housing.code, name: housing.name, affiliation: housing.affiliation, start: startHousing, schema: housingSchema },
];
