import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import type { Store } from '../../kit/store/open-store.js';
import type { Composer } from './composing/composer.js';
import type { Publications } from './publications.js';
import type { Assessor } from './publishing/assess.js';
import type { LiveEndpoints } from './publishing/live-check.js';
import { HEAD, RegistryMoved, type RegistryState, readState } from './registry-state.js';
import { type RegistryChange, saveChange } from './save-change.js';
import { registryHeads, type SupergraphVersionRow } from './tables.js';

/** The registry's name in the supergraph and its tokens' audience. */
export const REGISTRY = 'registry';
const ATTEMPTS = 10;
const DAY = 24 * 60 * 60 * 1_000;

export interface RegistryCoreOptions extends Pick<SubgraphEnvironment, 'clock' | 'log'> {
  readonly feed: EventFeed;
  /** Nothing is composed until all of these are registered. */
  readonly expectedPlatform: readonly string[];
  readonly endpoints: LiveEndpoints;
  /** Composes and compares graphs. */
  readonly composer: Composer;
  /** Days for which a use of a field counts. */
  readonly usageWindowDays: number;
}

/** What everything that changes the registry shares: its state, its turns, its one way to store a change. */
export class RegistryCore implements Assessor {
  readonly options: RegistryCoreOptions;
  readonly registry = REGISTRY;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: RegistryCoreOptions) {
    this.options = options;
  }

  static async open(options: RegistryCoreOptions): Promise<RegistryCore> {
    const { store } = options.feed;
    await store.fork().upsert(registryHeads, { name: HEAD, revision: 0 }, { onConflictAction: 'ignore', onConflictFields: ['name'] });
    const core = new RegistryCore(options);
    await core.#adopt();
    return core;
  }

  /** Writes down what was in force before publications were kept, so that every version from here on can come back. */
  async #adopt(): Promise<void> {
    const state = await this.read();
    const publications = [...state.publications].filter(({ publication }) => publication === undefined);
    if (publications.length === 0) return;
    try {
      await this.save({ state, publications, note: { by: REGISTRY, reason: 'in force when publications began to be kept' } });
    } catch (error) {
      // another instance starts on the same store, and does it
      if (!(error instanceof RegistryMoved)) throw error;
    }
  }

  get store(): Store {
    return this.options.feed.store;
  }

  get composer(): Composer {
    return this.options.composer;
  }

  readonly missing = (publications: Publications): string[] => {
    const present = new Set(publications.platform.map(({ name }) => name));
    return this.options.expectedPlatform.filter((name) => !present.has(name));
  };

  readonly usedSince = (): Date => new Date(this.options.clock().getTime() - this.options.usageWindowDays * DAY);

  read(): Promise<RegistryState> {
    return readState(this.store.fork());
  }

  /** One at a time in this process; between processes the revision decides. */
  turn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** @throws RegistryMoved */
  save(change: RegistryChange): Promise<SupergraphVersionRow | undefined> {
    return saveChange(this.options.feed, this.options.clock(), change);
  }

  /**
   * Runs `work` again when the registry moved under it: each time on the newest state, so nothing is ever mixed.
   * @throws CataloguedError CONFLICT when other instances kept changing the registry.
   */
  async again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof RegistryMoved)) throw error;
      }
    }
    throw new CataloguedError('CONFLICT', 'other registrations kept coming first; register again');
  }
}
