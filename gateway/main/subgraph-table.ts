import { DEPARTMENTS } from '../../subgraphs/departments/index.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import { acceptanceSchema, startAcceptance } from '../../subgraphs/platform/acceptance/index.js';
import { catalogSchema, startCatalog } from '../../subgraphs/platform/catalog/index.js';
import { registrySchema, startRegistry } from '../../subgraphs/platform/registry/index.js';
import { type SubgraphSettings, socketUrl } from './subgraph-settings.js';

export interface StartedSubgraph extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly subscriptionUrl: string;
  /** Settles once the registry has taken the subgraph, or refused it. */
  readonly registered?: Promise<void>;
}

/** A subgraph of this repository that can be started by name. */
export interface KnownSubgraph {
  readonly name: string;
  readonly kind: 'platform' | 'department';
  /** The settings without which it can't start, by the names of their variables. */
  readonly needs: readonly (keyof SubgraphSettings)[];
  start(env: SubgraphEnvironment, settings: SubgraphSettings): Promise<StartedSubgraph>;
  sdl(): Promise<string>;
}

/** The platform's own subgraphs; nothing is composed before all of them have registered. */
export const PLATFORM = ['registry', 'catalog', 'acceptance'] as const;

export const SUBGRAPHS: readonly KnownSubgraph[] = [
  {
    name: 'registry',
    kind: 'platform',
    needs: [],
    start: (env) => startRegistry(env, { expectedPlatform: PLATFORM }),
    sdl: async () => (await registrySchema()).sdl,
  },
  {
    name: 'catalog',
    kind: 'platform',
    needs: ['registryUrl'],
    start: (env) => startCatalog(env),
    sdl: async () => (await catalogSchema()).sdl,
  },
  {
    name: 'acceptance',
    kind: 'platform',
    needs: ['registryUrl', 'catalogUrl'],
    start: (env, { catalogUrl = '' }) => startAcceptance(env, { catalog: { url: catalogUrl, subscriptionUrl: socketUrl(catalogUrl) } }),
    sdl: async () => (await acceptanceSchema()).sdl,
  },
  ...DEPARTMENTS.map(
    (department): KnownSubgraph => ({
      name: department.code,
      kind: 'department',
      needs: [],
      start: (env) => department.start(env),
      sdl: async () => (await department.schema()).sdl,
    }),
  ),
];
