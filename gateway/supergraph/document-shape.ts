import type { DepartmentRoute, SupergraphDocument } from '../../schema/composition/supergraph-document.js';

/** Whether what came over the network or from disk is a supergraph document at all. */
export function isSupergraphDocument(value: unknown): value is SupergraphDocument {
  const document = value as Partial<SupergraphDocument> | null;
  return (
    typeof document === 'object' &&
    document !== null &&
    typeof document.version === 'string' &&
    typeof document.sdl === 'string' &&
    areDepartmentRoutes(document.departments)
  );
}

export function areDepartmentRoutes(value: unknown): value is DepartmentRoute[] {
  return Array.isArray(value) && value.every(isDepartmentRoute);
}

function isDepartmentRoute(value: unknown): value is DepartmentRoute {
  const route = value as Partial<DepartmentRoute> | null;
  return (
    typeof route === 'object' &&
    route !== null &&
    typeof route.code === 'string' &&
    /^https?:\/\//.test(String(route.url)) &&
    /^wss?:\/\//.test(String(route.subscriptionUrl)) &&
    typeof route.extension === 'boolean'
  );
}
