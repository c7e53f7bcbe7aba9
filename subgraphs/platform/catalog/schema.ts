import 'reflect-metadata';
import { buildFederatedSchema, entity, type FederatedSchema } from '../../kit/schema/federated-schema.js';
import type { CatalogContext } from './catalog-context.js';
import { CatalogueProblemResolver } from './resolvers/catalogue-problem-resolver.js';
import { ItemEventResolver } from './resolvers/item-event-resolver.js';
import { ProblemEventResolver } from './resolvers/problem-event-resolver.js';
import { RefreshCatalogueResolver } from './resolvers/refresh-catalogue-resolver.js';
import { ServiceItemResolver } from './resolvers/service-item-resolver.js';
import { ServiceItem } from './types/service-item.js';

/** The catalogue's schema, which needs no store. */
export function catalogSchema(): Promise<FederatedSchema> {
  return buildFederatedSchema<CatalogContext>({
    resolvers: [ServiceItemResolver, CatalogueProblemResolver, RefreshCatalogueResolver, ItemEventResolver, ProblemEventResolver],
    entities: [entity(ServiceItem, ({ departmentCode, code }, { itemByKey }: CatalogContext) => itemByKey.load({ departmentCode, code }))],
    internalEnums: ['ItemEventKind'],
  });
}
