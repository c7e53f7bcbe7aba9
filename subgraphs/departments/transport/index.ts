import type { DepartmentDefinition } from '../../kit/department/definition.js';
import { departmentSchema } from '../../kit/department/department-schema.js';
import { type RunningDepartment, startDepartment } from '../../kit/department/start-department.js';
import type { FederatedSchema } from '../../kit/schema/federated-schema.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import { ITEMS } from './items/index.js';
import { transportMigrations as mysql } from './migrations/mysql.js';
import { transportMigrations as sqlite } from './migrations/sqlite.js';
import { OFFICE } from './office.js';
import { keepRoute } from './received.js';
import { TransportCaseResolver, type TransportLoaders, TransportRouteResolver, transportLoaders } from './resolvers.js';
import { TABLES } from './store.js';
import { TransportCase } from './types.js';

/** 河南省交通运输厅。The transport department: loads, works and lines on roads and waterways. */
export const transport: DepartmentDefinition<TransportLoaders> = {
  ...OFFICE,
  items: ITEMS,
  extension: {
    resolvers: [TransportCaseResolver, TransportRouteResolver],
    types: [TransportCase],
    tables: TABLES,
    migrations: { sqlite, mysql },
    loaders: transportLoaders,
    received: keepRoute,
  },
};

export const transportSchema = (): Promise<FederatedSchema> => departmentSchema(transport);

export const startTransport = (env: SubgraphEnvironment): Promise<RunningDepartment> => startDepartment(env, transport);
