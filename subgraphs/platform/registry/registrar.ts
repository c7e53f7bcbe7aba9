import { isDeepStrictEqual } from 'node:util';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { composeSupergraph } from '../../../schema/composition/compose.js';
import { CompositionFailed } from '../../../schema/composition/composition-failed.js';
import { checkConformance } from '../../../schema/composition/conformance.js';
import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import type { EventFeed, NewEvent } from '../../kit/feed/event-feed.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import { compositionKey, partOf, sourceOf, supergraphOf } from './composition.js';
import { DepartmentEventKind } from './department-event-kind.js';
import { type AnyPublication, type DepartmentPublication, type PlatformPublication, Publications } from './publications.js';
import { type SupergraphContent, versionOf } from './subgraph-urls.js';
import { departments, platformSubgraphs, registryHeads, supergraphVersions } from './tables.js';

/** The registry's name in the supergraph and its tokens' audience. */
export const REGISTRY = 'registry';
const HEAD = 'main';
const ATTEMPTS = 10;

/** What a department event carries beyond what every event has. */
export type DepartmentEventPayload = Pick<DepartmentPublication, 'affiliation' | 'url' | 'subscriptionUrl'> & { name: string };

export interface RegistrarOptions extends Pick<SubgraphEnvironment, 'clock' | 'log'> {
  readonly feed: EventFeed;
  /** Nothing is composed until all of these are registered. */
  readonly expectedPlatform: readonly string[];
}

/** Another instance changed the registry between our reading and our writing. */
class RegistryMoved extends Error {
  override readonly name = 'RegistryMoved';
}

interface NextVersion {
  readonly number: number;
  readonly content: SupergraphContent;
}

/**
 * Takes registrations: checks, composes with everybody else's current publication, and stores publication, supergraph
 * and event in one transaction; or refuses and leaves everything as it was. One at a time in this process; between
 * processes the one that read an older state begins again, so no supergraph ever mixes two states.
 */
export class Registrar {
  readonly #options: RegistrarOptions;
  #last: Promise<unknown> = Promise.resolve();
  /** Platform publications that did not compose with the others' current ones; see {@link Registrar.#take}. */
  readonly #refused = new Map<string, PlatformPublication>();

  private constructor(options: RegistrarOptions) {
    this.#options = options;
  }

  static async open(options: RegistrarOptions): Promise<Registrar> {
    const { store } = options.feed;
    await store.fork().upsert(registryHeads, { name: HEAD, revision: 0 }, { onConflictAction: 'ignore', onConflictFields: ['name'] });
    return new Registrar(options);
  }

  /**
   * @returns the version of the supergraph then in force; null while platform subgraphs are missing.
   * @throws CataloguedError CONTRACT_VIOLATION or COMPOSITION_FAILED with `extensions.problems`; CONFLICT when other
   * instances kept changing the registry.
   */
  register(publication: AnyPublication): Promise<string | null> {
    const turn = this.#last.then(() => this.#take(publication));
    this.#last = turn.catch(() => {});
    return turn;
  }

  async #take(publication: AnyPublication): Promise<string | null> {
    try {
      const version = await this.#persist([publication]);
      this.#refused.delete(publication.name);
      return version;
    } catch (error) {
      if (!(error instanceof CompositionFailed)) throw error;
      return await this.#takeTogether(publication, error);
    }
  }

  /**
   * A new release may change several platform subgraphs that compose with each other only. They register one by one,
   * so those that were refused are tried again beside the next one.
   */
  async #takeTogether(publication: AnyPublication, alone: CompositionFailed): Promise<string | null> {
    if (publication.kind === 'platform') {
      this.#refused.delete(publication.name);
      const waiting = [...this.#refused.values()];
      this.#refused.set(publication.name, publication);
      if (waiting.length > 0) {
        try {
          const version = await this.#persist([...waiting, publication]);
          this.#refused.clear();
          this.#options.log.info({ subgraphs: waiting.map(({ name }) => name), with: publication.name }, 'taken after all, together');
          return version;
        } catch (error) {
          if (!(error instanceof CompositionFailed)) throw error;
        }
      }
    }
    throw new CataloguedError('COMPOSITION_FAILED', 'the subgraphs would not compose; nothing was changed', { problems: alone.problems });
  }

  async #persist(changes: readonly AnyPublication[]): Promise<string | null> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await this.#attempt(changes);
      } catch (error) {
        if (!(error instanceof RegistryMoved)) throw error;
      }
    }
    throw new CataloguedError('CONFLICT', 'other registrations kept coming first; register again');
  }

  async #attempt(given: readonly AnyPublication[]): Promise<string | null> {
    const em = this.#options.feed.store.fork();
    // read first: whatever is read after it can only be newer, and then this revision is no longer the store's
    const { revision } = await em.findOneOrFail(registryHeads, HEAD);
    const before = await Publications.read(em);
    const changes = given.filter((one) => !isDeepStrictEqual(before.current(one), one));
    for (const change of changes) if (before.current(change)?.sdlHash !== change.sdlHash) check(change);
    const after = before.with(changes);

    const [current] = await em.find(supergraphVersions, {}, { orderBy: { number: 'desc' }, limit: 1, exclude: ['document'] });
    const complete = this.#missing(after).length === 0;
    if (!complete) tryDepartments(before, after);
    const next = complete && !isCurrent(current, after) ? await supergraphOf(after, em) : undefined;
    if (changes.length === 0 && next === undefined) return current?.version ?? null;
    const version = next && { number: (current?.number ?? 0) + 1, content: next };
    await this.#save(em, revision, before, after, changes, version);
    return version ? versionOf(version.content) : (current?.version ?? null);
  }

  #missing(publications: Publications): string[] {
    const present = new Set(publications.platform.map(({ name }) => name));
    return this.#options.expectedPlatform.filter((name) => !present.has(name));
  }

  async #save(
    em: SqlEntityManager,
    revision: number,
    before: Publications,
    after: Publications,
    changes: readonly AnyPublication[],
    next: NextVersion | undefined,
  ): Promise<void> {
    const { feed, clock } = this.#options;
    const now = clock();
    await feed.transaction(em, async (tx, append) => {
      const taken = await tx.nativeUpdate(registryHeads, { name: HEAD, revision }, { revision: revision + 1 });
      if (taken !== 1) throw new RegistryMoved();
      for (const change of changes) {
        await publish(tx, change, now);
        if (change.kind === 'department') await append(eventOf(change, before.current(change) !== undefined, now));
      }
      if (next === undefined) return;
      const { number, content } = next;
      tx.create(supergraphVersions, {
        number,
        version: versionOf(content),
        compositionKey: compositionKey(after),
        document: content,
        composedFrom: [...after].map(partOf),
        createdAt: now,
      });
    });
  }
}

function check(change: AnyPublication): void {
  if (change.kind !== 'department') return;
  const problems = checkConformance({ code: change.name, sdl: change.sdl });
  if (problems.length === 0) return;
  throw new CataloguedError('CONTRACT_VIOLATION', `${change.name} does not keep the department contract; nothing was changed`, {
    problems,
  });
}

/**
 * Before the platform is complete there is nothing to compose with, but departments that contradict each other are told
 * at once: taken, they would keep the platform from ever being complete.
 */
function tryDepartments(before: Publications, after: Publications): void {
  const changed = after.departments.some((one) => before.current(one)?.sdlHash !== one.sdlHash);
  const registry = after.platform.filter(({ name }) => name === REGISTRY);
  if (changed && registry.length > 0) composeSupergraph({ platform: registry, departments: after.departments.map(sourceOf) });
}

function isCurrent(current: { compositionKey: string; composedFrom: unknown } | undefined, after: Publications): boolean {
  return current?.compositionKey === compositionKey(after) && isDeepStrictEqual(current.composedFrom, [...after].map(partOf));
}

async function publish(tx: SqlEntityManager, change: AnyPublication, now: Date): Promise<void> {
  const { url, subscriptionUrl, sdl, sdlHash } = change;
  const content = { url, subscriptionUrl, publication: { sdl }, sdlHash, updatedAt: now };
  if (change.kind === 'platform') {
    const row = await tx.findOne(platformSubgraphs, change.name);
    if (row === null) tx.create(platformSubgraphs, { name: change.name, registeredAt: now, ...content });
    else tx.assign(row, content);
  } else {
    const named = { ...content, name: change.title, affiliation: change.affiliation };
    const row = await tx.findOne(departments, change.name);
    if (row === null) tx.create(departments, { code: change.name, registeredAt: now, ...named });
    else tx.assign(row, named);
  }
}

function eventOf({ name, title, affiliation, url, subscriptionUrl }: DepartmentPublication, known: boolean, now: Date): NewEvent {
  const payload: DepartmentEventPayload = { name: title, affiliation, url, subscriptionUrl };
  return {
    kind: known ? DepartmentEventKind.CHANGED : DepartmentEventKind.REGISTERED,
    scope: name,
    subject: name,
    payload: { ...payload },
    occurredAt: now,
  };
}
