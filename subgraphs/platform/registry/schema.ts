import 'reflect-metadata';
import { buildFederatedSchema, entity, type FederatedSchema } from '../../kit/schema/federated-schema.js';
import { Department } from './department.js';
import type { RegistryContext } from './registry-context.js';
import { DepartmentEventResolver } from './resolvers/department-event-resolver.js';
import { DepartmentResolver } from './resolvers/department-resolver.js';
import { DepartmentPublicationsResolver, PublicationResolver } from './resolvers/publication-resolver.js';
import { RegistrationResolver } from './resolvers/registration-resolver.js';
import { SupergraphResolver } from './resolvers/supergraph-resolver.js';
import { SupergraphVersionResolver } from './resolvers/supergraph-version-resolver.js';
import { UsageResolver } from './resolvers/usage-resolver.js';

/** The registry's schema, which needs no store. */
export function registrySchema(): Promise<FederatedSchema> {
  return buildFederatedSchema<RegistryContext>({
    resolvers: [
      DepartmentResolver,
      DepartmentPublicationsResolver,
      RegistrationResolver,
      PublicationResolver,
      SupergraphResolver,
      SupergraphVersionResolver,
      UsageResolver,
      DepartmentEventResolver,
    ],
    entities: [entity(Department, ({ code }, { departmentByCode }: RegistryContext) => departmentByCode.load(code))],
    internalEnums: ['DepartmentEventKind'],
  });
}
