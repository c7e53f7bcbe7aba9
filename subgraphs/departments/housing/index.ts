import type { DepartmentDefinition } from '../../kit/department/definition.js';
import { departmentSchema } from '../../kit/department/department-schema.js';
import { type RunningDepartment, startDepartment } from '../../kit/department/start-department.js';
import type { FederatedSchema } from '../../kit/schema/federated-schema.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import { ITEMS } from './items/index.js';
import { housingMigrations as mysql } from './migrations/mysql.js';
import { housingMigrations as sqlite } from './migrations/sqlite.js';
import { OFFICE } from './office.js';
import { keepQualification } from './received.js';
import { HousingCaseResolver, type HousingLoaders, housingLoaders } from './resolvers.js';
import { TABLES } from './store.js';
import { HousingCase } from './types.js';

/** 河南省住房和城乡建设厅。The housing department: builders' licences, qualifications and registrations. */
export const housing: DepartmentDefinition<HousingLoaders> = {
  ...OFFICE,
  items: ITEMS,
  extension: {
    resolvers: [HousingCaseResolver],
    types: [HousingCase],
    tables: TABLES,
    migrations: { sqlite, mysql },
    loaders: housingLoaders,
    received: keepQualification,
  },
};

export const housingSchema = (): Promise<FederatedSchema> => departmentSchema(housing);

export const startHousing = (env: SubgraphEnvironment): Promise<RunningDepartment> => startDepartment(env, housing);
