import type { DepartmentDefinition } from '../kit/department/definition.js';
import { departmentStore } from '../kit/department/department-store.js';
import type { RunningDepartment } from '../kit/department/start-department.js';
import type { FederatedSchema } from '../kit/schema/federated-schema.js';
import type { SubgraphEnvironment } from '../kit/server/subgraph-environment.js';
import type { StoreDefinition } from '../kit/store/open-store.js';
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
  /** All that it keeps. */
  store(): StoreDefinition;
}

export const DEPARTMENTS: readonly KnownDepartment[] = [
  known(drug, startDrug, drugSchema),
  known(transport, startTransport, transportSchema),
  known(housing, startHousing, housingSchema),
];

function known<L>(
  { code, name, affiliation, extension }: DepartmentDefinition<L>,
  start: KnownDepartment['start'],
  schema: KnownDepartment['schema'],
): KnownDepartment {
  return { code, name, affiliation, start, schema, store: () => departmentStore(extension) };
}
