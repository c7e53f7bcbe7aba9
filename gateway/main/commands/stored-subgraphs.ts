import { existsSync } from 'node:fs';
import { type StoreAddress, storeAddress } from '../../../subgraphs/kit/store/store-address.js';
import type { SubgraphSettings } from '../../config/subgraph-settings.js';
import { findSubgraph, type KnownSubgraph, SUBGRAPHS } from '../subgraph-table.js';
import { UsageError } from './command.js';

export interface StoredSubgraph {
  readonly subgraph: KnownSubgraph;
  readonly address: StoreAddress;
}

/**
 * The subgraphs a command is about: those named, or all of this repository that have a store here.
 * @throws UsageError for a name nobody has
 */
export async function storedSubgraphs(names: readonly string[], settings: SubgraphSettings): Promise<StoredSubgraph[]> {
  const known = names.length === 0 ? SUBGRAPHS : await Promise.all(names.map(subgraphNamed));
  return known
    .map((subgraph) => ({ subgraph, address: storeAddress(settings.storeUrl, subgraph.name) }))
    .filter(({ address }) => address.kind !== 'file' || existsSync(address.path));
}

async function subgraphNamed(name: string): Promise<KnownSubgraph> {
  const found = await findSubgraph(name);
  if (found === undefined) throw new UsageError(`there is no subgraph ${name}; name one of ${SUBGRAPHS.map((one) => one.name).join(', ')}`);
  return found;
}
