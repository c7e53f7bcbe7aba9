import { createHash } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { DepartmentAffiliation } from './department.js';
import { departments, platformSubgraphs } from './tables.js';

interface Publication {
  readonly url: string;
  readonly subscriptionUrl: string;
  readonly sdl: string;
  readonly sdlHash: string;
}

/** A department as it is, or wants to be, registered. */
export interface DepartmentPublication extends Publication {
  readonly kind: 'department';
  /** Its code. */
  readonly name: string;
  readonly title: string;
  readonly affiliation: DepartmentAffiliation;
}

/** A platform subgraph as it is, or wants to be, registered. */
export interface PlatformPublication extends Publication {
  readonly kind: 'platform';
  readonly name: string;
}

export type AnyPublication = DepartmentPublication | PlatformPublication;

export function hashOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex');
}

/** Everything that is registered, sorted by kind and name. */
export class Publications {
  readonly #all: ReadonlyMap<string, AnyPublication>;

  constructor(all: Iterable<AnyPublication>) {
    const sorted = [...all].map((one) => [keyOf(one), one] as const).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#all = new Map(sorted);
  }

  static async read(em: SqlEntityManager): Promise<Publications> {
    const [known, own] = [await em.find(departments, {}), await em.find(platformSubgraphs, {})];
    return new Publications([
      ...known.map(
        ({ code, name, affiliation, url, subscriptionUrl, publication: { sdl }, sdlHash }): DepartmentPublication => ({
          kind: 'department',
          name: code,
          title: name,
          affiliation,
          url,
          subscriptionUrl,
          sdl,
          sdlHash,
        }),
      ),
      ...own.map(
        ({ name, url, subscriptionUrl, publication: { sdl }, sdlHash }): PlatformPublication => ({
          kind: 'platform',
          name,
          url,
          subscriptionUrl,
          sdl,
          sdlHash,
        }),
      ),
    ]);
  }

  get departments(): DepartmentPublication[] {
    return [...this.#all.values()].filter((one) => one.kind === 'department');
  }

  get platform(): PlatformPublication[] {
    return [...this.#all.values()].filter((one) => one.kind === 'platform');
  }

  /** What is registered under the same name now. */
  current(one: AnyPublication): AnyPublication | undefined {
    return this.#all.get(keyOf(one));
  }

  with(changes: readonly AnyPublication[]): Publications {
    return new Publications([...new Map([...this.#all, ...changes.map((one) => [keyOf(one), one] as const)]).values()]);
  }

  *[Symbol.iterator](): IterableIterator<AnyPublication> {
    yield* this.#all.values();
  }
}

function keyOf({ kind, name }: AnyPublication): string {
  return `${kind}:${name}`;
}
