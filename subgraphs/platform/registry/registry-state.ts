import { isDeepStrictEqual } from 'node:util';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { compositionKey, partOf } from './composing/composition.js';
import { Publications } from './publications.js';
import { type CompositionPart, departments, registryHeads, type SupergraphVersionRow, supergraphVersions } from './tables.js';

/** The name of the one head: whoever changes the registry raises its revision. */
export const HEAD = 'main';

/** A supergraph version without the graph itself. */
export type VersionSummary = Pick<SupergraphVersionRow, 'number' | 'version' | 'compositionKey' | 'composedFrom'>;

/** The registry as it was at one revision. Whatever is decided on it holds only while the revision is still the store's. */
export interface RegistryState {
  readonly revision: number;
  readonly publications: Publications;
  /** The version in force, if there is a graph yet. */
  readonly current: VersionSummary | undefined;
  /** By department: the SDL that a rollback took out of force. */
  readonly held: ReadonlyMap<string, string>;
}

/** Another instance, or another publication, changed the registry between reading and writing. */
export class RegistryMoved extends Error {
  override readonly name = 'RegistryMoved';
}

export async function readState(em: SqlEntityManager): Promise<RegistryState> {
  // read first: whatever is read after it can only be newer, and then this revision is no longer the store's
  const { revision } = await em.findOneOrFail(registryHeads, HEAD);
  const publications = await Publications.read(em);
  const [current] = await em.find(supergraphVersions, {}, { orderBy: { number: 'desc' }, limit: 1, exclude: ['document', 'changes'] });
  const held = await em.find(departments, { heldSdlHash: { $ne: null } }, { fields: ['code', 'heldSdlHash'] });
  return { revision, publications, current, held: new Map(held.map(({ code, heldSdlHash }) => [code, heldSdlHash ?? ''])) };
}

/** Whether the version in force is what these publications compose to. */
export function isInForce(current: VersionSummary | undefined, publications: Publications): boolean {
  if (current === undefined || current.compositionKey !== compositionKey(publications)) return false;
  return isDeepStrictEqual(current.composedFrom.map(placeOf), [...publications].map(partOf).map(placeOf));
}

/** Without the publication's number, which says nothing about the graph. */
function placeOf({ kind, name, url, subscriptionUrl, sdlHash }: CompositionPart): CompositionPart {
  return { kind, name, url, subscriptionUrl, sdlHash };
}
