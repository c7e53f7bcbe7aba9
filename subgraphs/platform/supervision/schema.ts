import 'reflect-metadata';
import { buildFederatedSchema, entity, type FederatedSchema } from '../../kit/schema/federated-schema.js';
import type { SupervisionContext } from './context.js';
import { AlertChangeResolver } from './resolvers/alert-change-resolver.js';
import { AlertMoveResolver } from './resolvers/alert-move-resolver.js';
import { AlertResolver, SupervisedCaseResolver } from './resolvers/alert-resolver.js';
import { FigureResolver } from './resolvers/figure-resolver.js';
import { Case } from './types/alert.js';

/** Supervision's part of the graph, which needs no store to be composed. */
export function supervisionSchema(): Promise<FederatedSchema> {
  return buildFederatedSchema<SupervisionContext>({
    resolvers: [AlertResolver, SupervisedCaseResolver, AlertChangeResolver, AlertMoveResolver, FigureResolver],
    entities: [entity(Case, ({ number, departmentCode }) => ({ number, departmentCode }))],
  });
}
