import type { SqlEntityManager } from '@mikro-orm/sql';
import { findDepartment } from '../../subgraphs/departments/find-department.js';
import { DEPARTMENTS, type KnownDepartment } from '../../subgraphs/departments/index.js';
import type { SubgraphEnvironment } from '../../subgraphs/kit/server/subgraph-environment.js';
import type { StoreDefinition } from '../../subgraphs/kit/store/open-store.js';
import type { SubgraphSettings } from '../config/subgraph-settings.js';
import { certificateKeyFile, openPlatformKeys } from './environment.js';
import { socketUrl } from './socket-url.js';

export interface StartedSubgraph extends AsyncDisposable {
  readonly name: string;
  readonly url: string;
  readonly subscriptionUrl: string;
  /** Settles once the registry has taken the subgraph, or refused it. */
  readonly registered?: Promise<void>;
}

/** What belongs to reading a feed of another from its beginning again. */
export interface ReadAnew {
  /** In sentences, before it is done. */
  shows(em: SqlEntityManager, source: string): Promise<string[]>;
  /** In the transaction from which on it is read again. */
  does(tx: SqlEntityManager, source: string): Promise<void>;
}

/** A subgraph of this repository that can be started by name. */
export interface KnownSubgraph {
  readonly name: string;
  readonly kind: 'platform' | 'department';
  start(env: SubgraphEnvironment, settings: SubgraphSettings): Promise<StartedSubgraph>;
  sdl(): Promise<string>;
  /** All that it keeps. */
  store(): Promise<StoreDefinition>;
  /** What has to be done when it reads a feed from its beginning again. */
  readonly readAnew?: ReadAnew;
  /** The store that personal data is in, when it has one. */
  personalStore?(): Promise<StoreDefinition>;
}

// A process loads only what it starts.
const registry = () => import('../../subgraphs/platform/registry/index.js');
const catalog = () => import('../../subgraphs/platform/catalog/index.js');
const acceptance = () => import('../../subgraphs/platform/acceptance/index.js');
const supervision = () => import('../../subgraphs/platform/supervision/index.js');
const ledgerStore = async () => (await import('../../subgraphs/platform/acceptance/store/definition.js')).LEDGER_STORE;
const readAnew = () => import('../../subgraphs/platform/acceptance/following/read-anew.js');
const supervisionStore = async () => (await import('../../subgraphs/platform/supervision/store/definition.js')).SUPERVISION_STORE;

/** The platform's own subgraphs; nothing is composed before all of them have registered. */
export const PLATFORM = ['registry', 'catalog', 'acceptance', 'supervision'] as const;

export const SUBGRAPHS: readonly KnownSubgraph[] = [
  {
    name: 'registry',
    kind: 'platform',
    start: async (env) => {
      const { openComposer } = await import('../../subgraphs/platform/registry/composing/thread-composer.js');
      return (await registry()).startRegistry(env, { expectedPlatform: PLATFORM, composer: openComposer() });
    },
    sdl: async () => (await (await registry()).registrySchema()).sdl,
    store: async () => (await import('../../subgraphs/platform/registry/tables.js')).REGISTRY_STORE,
  },
  {
    name: 'catalog',
    kind: 'platform',
    start: async (env) => (await catalog()).startCatalog(env),
    sdl: async () => (await (await catalog()).catalogSchema()).sdl,
    store: async () => (await import('../../subgraphs/platform/catalog/tables.js')).CATALOG_STORE,
  },
  {
    name: 'acceptance',
    kind: 'platform',
    start: async (env, { catalogUrl = '', dataDir, production, files, filesUrl }) =>
      (await acceptance()).startAcceptance(env, {
        catalog: { url: catalogUrl, subscriptionUrl: socketUrl(catalogUrl) },
        files,
        filesUrl,
        certificateKeys: (await openPlatformKeys(certificateKeyFile({ dataDir }), { production })).current(),
      }),
    sdl: async () => (await (await acceptance()).acceptanceSchema()).sdl,
    store: ledgerStore,
    readAnew: {
      shows: async (em, source) => (await readAnew()).showsReadAnew(em, source),
      does: async (tx, source) => (await readAnew()).readsAnew(tx, source),
    },
    personalStore: ledgerStore,
  },
  {
    name: 'supervision',
    kind: 'platform',
    start: async (env, { catalogUrl = '', acceptanceUrl = '', supervisionRules }) => {
      const { readSupervisionRules } = await import('../../subgraphs/platform/supervision/configuration/supervision-rules.js');
      return (await supervision()).startSupervision(env, {
        acceptance: { url: acceptanceUrl, subscriptionUrl: socketUrl(acceptanceUrl) },
        catalog: { subscriptionUrl: socketUrl(catalogUrl) },
        rules: await readSupervisionRules(supervisionRules),
      });
    },
    sdl: async () => (await (await supervision()).supervisionSchema()).sdl,
    store: supervisionStore,
    personalStore: supervisionStore,
  },
  ...DEPARTMENTS.map(departmentSubgraph),
];

/** By name: one of the platform, a demonstration department, or one that has a folder of its own. */
export async function findSubgraph(name: string): Promise<KnownSubgraph | undefined> {
  const known = SUBGRAPHS.find((subgraph) => subgraph.name === name);
  if (known !== undefined) return known;
  const department = await findDepartment(name);
  return department && departmentSubgraph(department);
}

function departmentSubgraph(department: KnownDepartment): KnownSubgraph {
  return {
    name: department.code,
    kind: 'department',
    start: (env) => department.start(env),
    sdl: async () => (await department.schema()).sdl,
    store: async () => department.store(),
    // what an extension keeps of its own is not sealed, and is not needed for what is
    personalStore: async () => (await import('../../subgraphs/kit/department/department-store.js')).departmentStore(),
  };
}
