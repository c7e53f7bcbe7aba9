import { createHash } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { type DepartmentAffiliation, DepartmentState } from './department.js';
import { departments, platformSubgraphs } from './tables.js';

interface Publication {
  readonly url: string;
  readonly subscriptionUrl: string;
  readonly sdl: string;
  readonly sdlHash: string;
  /** Its number among all publications; absent before it is taken, and in stores older than publications. */
  readonly publication?: number | undefined;
}

/** A department as it is, or wants to be, registered. */
export interface DepartmentPublication extends Publication {
  readonly kind: 'department';
  /** Its code. */
  readonly name: string;
  readonly title: string;
  readonly affiliation: DepartmentAffiliation;
  /** How its engineers are reached; left out, it stays as it was. */
  readonly contact?: string | null | undefined;
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

/** Whether taking `two` in place of `one` changes anything. */
export function samePublication(one: AnyPublication | undefined, two: AnyPublication): boolean {
  if (one === undefined || !samePublished(one, two)) return false;
  if (one.kind !== 'department' || two.kind !== 'department') return one.kind === two.kind;
  const contact = two.contact === undefined || two.contact === (one.contact ?? null);
  return one.title === two.title && one.affiliation === two.affiliation && contact;
}

/** Whether both publish the same at the same place; who the department is may differ. */
export function samePublished(one: AnyPublication | undefined, two: AnyPublication): boolean {
  return one?.sdlHash === two.sdlHash && one.url === two.url && one.subscriptionUrl === two.subscriptionUrl;
}

/** Everything that is in the graph, sorted by kind and name. */
export class Publications {
  readonly #all: ReadonlyMap<string, AnyPublication>;

  constructor(all: Iterable<AnyPublication>) {
    const sorted = [...all].map((one) => [keyOf(one), one] as const).sort(([a], [b]) => (a < b ? -1 : 1));
    this.#all = new Map(sorted);
  }

  static async read(em: SqlEntityManager): Promise<Publications> {
    const [known, own] = [await em.find(departments, { state: DepartmentState.ACTIVE }), await em.find(platformSubgraphs, {})];
    return new Publications([
      ...known.map(
        ({
          code,
          name,
          affiliation,
          contact,
          url,
          subscriptionUrl,
          publication: { sdl },
          sdlHash,
          publicationNumber,
        }): DepartmentPublication => ({
          kind: 'department',
          name: code,
          title: name,
          affiliation,
          contact,
          url,
          subscriptionUrl,
          sdl,
          sdlHash,
          publication: publicationNumber ?? undefined,
        }),
      ),
      ...own.map(
        ({ name, url, subscriptionUrl, publication: { sdl }, sdlHash, publicationNumber }): PlatformPublication => ({
          kind: 'platform',
          name,
          url,
          subscriptionUrl,
          sdl,
          sdlHash,
          publication: publicationNumber ?? undefined,
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
  current(one: Pick<AnyPublication, 'kind' | 'name'>): AnyPublication | undefined {
    return this.#all.get(keyOf(one));
  }

  with(changes: readonly AnyPublication[]): Publications {
    return new Publications([...new Map([...this.#all, ...changes.map((one) => [keyOf(one), one] as const)]).values()]);
  }

  without(departments: readonly string[]): Publications {
    return new Publications([...this.#all.values()].filter(({ kind, name }) => kind !== 'department' || !departments.includes(name)));
  }

  *[Symbol.iterator](): IterableIterator<AnyPublication> {
    yield* this.#all.values();
  }
}

export function keyOf({ kind, name }: Pick<AnyPublication, 'kind' | 'name'>): string {
  return `${kind}:${name}`;
}
