import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { DepartmentSubgraph } from '../../../../schema/composition/compose.js';
import { departmentContract } from '../../../../schema/composition/contract.js';
import type { AnyPublication, DepartmentPublication, Publications } from '../publications.js';
import { atAddresses, type SupergraphContent } from '../subgraph-urls.js';
import { type CompositionPart, supergraphVersions } from '../tables.js';
import type { Composer } from './composer.js';

/** The composer's own version: another may write the same graph in other words. */
const COMPOSER: string = (createRequire(import.meta.url)('@apollo/composition/package.json') as { version: string }).version;

export function partOf({ kind, name, url, subscriptionUrl, sdlHash, publication }: AnyPublication): CompositionPart {
  return { kind, name, url, subscriptionUrl, sdlHash, ...(publication !== undefined && { publication }) };
}

export function sourceOf({ name, url, subscriptionUrl, sdl }: DepartmentPublication): DepartmentSubgraph {
  return { code: name, url, subscriptionUrl, sdl };
}

/** Equal for publications that compose to graphs which differ in nothing but URLs. */
export function compositionKey(publications: Publications): string {
  const parts = [...publications].map(({ kind, name, sdlHash }) => [kind, name, sdlHash]);
  return createHash('sha256')
    .update(JSON.stringify([COMPOSER, departmentContract().sdl, parts]))
    .digest('hex');
}

/**
 * The supergraph of these publications. Composing costs hundreds of milliseconds and, with hundreds of departments, many
 * seconds, so a graph that was composed before from the same SDLs is taken up again with the URLs of today.
 *
 * @throws CompositionFailed
 */
export async function supergraphOf(publications: Publications, em: SqlEntityManager, composer: Composer): Promise<SupergraphContent> {
  const composed = await em.findOne(
    supergraphVersions,
    { compositionKey: compositionKey(publications) },
    { orderBy: { number: 'desc' }, disableIdentityMap: true },
  );
  if (composed !== null) return atAddresses(composed.document, new Map([...publications].map((one) => [one.name, one])));
  const { sdl, departments } = await composer.compose({
    platform: publications.platform,
    departments: publications.departments.map(sourceOf),
  });
  return { sdl, departments };
}
