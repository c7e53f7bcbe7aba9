import { buildFederatedSchema, entity, type FederatedSchema } from '../schema/federated-schema.js';
import type { DepartmentDefinition } from './definition.js';
import { joinSchemas } from './join-schemas.js';
import { CaseResolver, DecisionResolver, resolveCase } from './resolvers/case-resolver.js';
import { FeedResolver } from './resolvers/feed-resolver.js';
import { ItemResolver, resolveItem } from './resolvers/item-resolver.js';
import { MoveResolver } from './resolvers/move-resolver.js';
import { Case } from './types/case.js';
import { ServiceItem } from './types/service-item.js';

/** The contract, implemented; the same for every department. */
function contractSchema(): Promise<FederatedSchema> {
  return buildFederatedSchema({
    resolvers: [ItemResolver, CaseResolver, DecisionResolver, FeedResolver, MoveResolver],
    entities: [entity(Case, resolveCase), entity(ServiceItem, resolveItem)],
  });
}

/** A department's whole schema, and the SDL it publishes: the contract and its extension. Needs no store. */
export async function departmentSchema<L>({ extension }: Pick<DepartmentDefinition<L>, 'extension'>): Promise<FederatedSchema> {
  const contract = await contractSchema();
  if (extension === undefined) return contract;
  const own = await buildFederatedSchema({ resolvers: extension.resolvers, orphanedTypes: [...extension.types] });
  return joinSchemas(contract, own, {
    Case: { __resolveReference: resolveCase },
    ServiceItem: { __resolveReference: resolveItem },
  });
}
