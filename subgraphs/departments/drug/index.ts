import type { DepartmentDefinition } from '../../kit/department/definition.js';
import { departmentSchema } from '../../kit/department/department-schema.js';
import { type RunningDepartment, startDepartment } from '../../kit/department/start-department.js';
import type { FederatedSchema } from '../../kit/schema/federated-schema.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import { ITEMS } from './items/index.js';
import { drugMigrations as mysql } from './migrations/mysql.js';
import { drugMigrations as sqlite } from './migrations/sqlite.js';
import { OFFICE } from './office.js';
import { keepProduct } from './received.js';
import { DrugCaseResolver, DrugItemResolver, type DrugLoaders, drugLoaders } from './resolvers.js';
import { TABLES } from './store.js';
import { DrugCase, DrugServiceItem } from './types.js';

/** 河南省药品监督管理局。The drug administration: production, trade and registration of drugs, devices and cosmetics. */
export const drug: DepartmentDefinition<DrugLoaders> = {
  ...OFFICE,
  items: ITEMS,
  extension: {
    resolvers: [DrugCaseResolver, DrugItemResolver],
    types: [DrugCase, DrugServiceItem],
    tables: TABLES,
    migrations: { sqlite, mysql },
    loaders: drugLoaders,
    received: keepProduct,
  },
};

export const drugSchema = (): Promise<FederatedSchema> => departmentSchema(drug);

export const startDrug = (env: SubgraphEnvironment): Promise<RunningDepartment> => startDepartment(env, drug);
