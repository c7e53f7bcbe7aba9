import DataLoader from 'dataloader';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { Caller } from '../../kit/identity/caller.js';
import type { Store } from '../../kit/store/open-store.js';
import { type EndpointObservationRow, endpointObservations } from './drift/tables.js';
import type { Publisher } from './publishing/publisher.js';
import type { Registrar } from './registrar.js';
import type { RegistryCore } from './registry-core.js';
import {
  type DepartmentRow,
  departments,
  type PublicationRow,
  publications,
  publishedSdls,
  type SupergraphVersionRow,
  supergraphVersions,
} from './tables.js';

/** What a registry is made of, for as long as it runs. */
export interface RegistryParts {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly core: RegistryCore;
  readonly registrar: Registrar;
  readonly publisher: Publisher;
}

/** What one request, or one event of a subscription, is answered with. */
export interface RegistryContext extends RegistryParts {
  readonly caller: Caller;
  readonly departmentByCode: DataLoader<string, DepartmentRow | null>;
  readonly observationByCode: DataLoader<string, EndpointObservationRow | null>;
  readonly publicationByNumber: DataLoader<number, PublicationRow | null>;
  readonly sdlByHash: DataLoader<string, string | null>;
  /** Whole, with the graph. */
  readonly versionByNumber: DataLoader<number, SupergraphVersionRow | null>;
  /** The number of the version in force; asked once. */
  readonly currentNumber: () => Promise<number | undefined>;
}

export function registryContext(parts: RegistryParts & { readonly caller: Caller }): RegistryContext {
  const { store } = parts;
  let current: Promise<number | undefined> | undefined;
  return {
    ...parts,
    departmentByCode: loader(
      (codes: readonly string[]) => store.fork().find(departments, { code: { $in: [...codes] } }),
      ({ code }) => code,
    ),
    observationByCode: loader(
      (codes: readonly string[]) => store.fork().find(endpointObservations, { code: { $in: [...codes] } }),
      ({ code }) => code,
    ),
    publicationByNumber: loader(
      (numbers: readonly number[]) => store.fork().find(publications, { number: { $in: [...numbers] } }),
      ({ number }) => number,
    ),
    sdlByHash: new DataLoader<string, string | null>(async (hashes) => {
      const rows = await store.fork().find(publishedSdls, { hash: { $in: [...hashes] } });
      const byHash = new Map(rows.map(({ hash, content }) => [hash, content.sdl]));
      return hashes.map((hash) => byHash.get(hash) ?? null);
    }),
    versionByNumber: loader(
      (numbers: readonly number[]) => store.fork().find(supergraphVersions, { number: { $in: [...numbers] } }),
      ({ number }) => number,
    ),
    currentNumber: () => {
      current ??= store
        .fork()
        .find(supergraphVersions, {}, { orderBy: { number: 'desc' }, limit: 1, fields: ['number'] })
        .then(([row]) => row?.number);
      return current;
    },
  };
}

function loader<K, V>(find: (keys: readonly K[]) => Promise<V[]>, keyOf: (row: V) => K): DataLoader<K, V | null> {
  return new DataLoader<K, V | null>(async (keys) => {
    const byKey = new Map((await find(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => byKey.get(key) ?? null);
  });
}
