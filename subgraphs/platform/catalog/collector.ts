import { CataloguedError } from '../../kit/errors/catalogued-error.js';
import type { EventFeed } from '../../kit/feed/event-feed.js';
import { SubgraphCallFailed } from '../../kit/server/call-subgraph.js';
import type { SubgraphEnvironment } from '../../kit/server/subgraph-environment.js';
import { applyDeclaration, type RefreshResult, recordUnreachable } from './apply-declaration.js';
import { type Declaration, DeclarationUnreadable } from './declaration.js';
import type { FetchDeclaration } from './fetch-declaration.js';
import { RefreshCycle, type RefreshCycleOptions } from './refresh-cycle.js';
import { knownDepartments } from './tables.js';

const NOTHING: Declaration = { items: new Map(), problems: [], declared: new Set() };
const ATTEMPTS = 5;
/** Characters of a department's own message that are kept. */
const REASON_LIMIT = 300;

export interface CollectorOptions extends Omit<RefreshCycleOptions, 'refresh' | 'goesOn'>, Pick<SubgraphEnvironment, 'clock' | 'log'> {
  readonly feed: EventFeed;
  readonly fetch: FetchDeclaration;
}

interface Cycle {
  readonly cycle: RefreshCycle;
  /** Since which it was asked last, by this instance going round. */
  registration: string | undefined;
}

/** Collects from every known department what it declares: when it registers, changes, every few minutes, and on demand. */
export class Collector implements AsyncDisposable {
  readonly #options: CollectorOptions;
  readonly #cycles = new Map<string, Cycle>();
  #goesRound = false;
  readonly #stopped = new AbortController();

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Asks every department now, and again and again until what is returned is disposed of. One instance does. */
  async goRound(): Promise<AsyncDisposable> {
    this.#goesRound = true;
    for (const known of this.#cycles.values()) known.registration = undefined;
    await this.look();
    return {
      [Symbol.asyncDispose]: async () => {
        this.#goesRound = false;
        for (const { cycle } of this.#cycles.values()) cycle.rest();
      },
    };
  }

  /** Asks the departments that are new, or registered anew, since the last look. */
  async look(): Promise<void> {
    const found = await this.#options.feed.store.fork().find(knownDepartments, {}, { fields: ['code', 'registration'] });
    if (this.#stopped.signal.aborted || !this.#goesRound) return;
    for (const { code, registration } of found) {
      const known = this.#cycleOf(code);
      if (known.registration === registration) continue;
      known.registration = registration;
      known.cycle.trigger();
    }
  }

  /** @throws CataloguedError UNKNOWN_DEPARTMENT, or DEPARTMENT_UNAVAILABLE when it does not give its items. */
  async refresh(code: string): Promise<RefreshResult> {
    const known = await this.#options.feed.store.fork().findOne(knownDepartments, code, { fields: ['code'] });
    if (known === null) throw new CataloguedError('UNKNOWN_DEPARTMENT', 'no department has that code', { department: code });
    return this.#cycleOf(known.code).cycle.refresh();
  }

  #cycleOf(code: string): Cycle {
    const known = this.#cycles.get(code);
    if (known !== undefined) return known;
    const cycle = new RefreshCycle({ ...this.#options, refresh: () => this.#refresh(code), goesOn: () => this.#goesRound });
    const made: Cycle = { cycle, registration: undefined };
    this.#cycles.set(code, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped.abort();
    await Promise.all([...this.#cycles.values()].map(({ cycle }) => cycle[Symbol.asyncDispose]()));
  }

  async #refresh(code: string): Promise<RefreshResult> {
    const { feed, clock, fetch, log } = this.#options;
    try {
      for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
        const department = await feed.store.fork().findOneOrFail(knownDepartments, code);
        // one that left is not asked any more, and offers nothing
        const declaration = department.withdrawn ? NOTHING : await fetch(department, this.#stopped.signal);
        const result = await applyDeclaration(feed, department, declaration, clock());
        if (result !== undefined) {
          log.debug({ department: code, ...result }, 'catalogue refreshed');
          return result;
        }
      }
      throw new CataloguedError('CONFLICT', 'other refreshes kept coming first; ask again', { department: code });
    } catch (error) {
      throw await this.#failed(code, error);
    }
  }

  async #failed(code: string, error: unknown): Promise<unknown> {
    const { feed, clock, log } = this.#options;
    if (this.#stopped.signal.aborted) return new CataloguedError('DRAINING', 'the catalogue is stopping', { department: code });
    if (!(error instanceof SubgraphCallFailed || error instanceof DeclarationUnreadable)) {
      if (!(error instanceof CataloguedError)) log.error({ department: code, err: error }, 'the catalogue could not be refreshed');
      return error;
    }
    const reason = error.message.slice(0, REASON_LIMIT);
    log.warn({ department: code, reason }, 'a department does not give its items; asking again later');
    await recordUnreachable(feed, code, `the department does not give its items: ${reason}`, clock());
    return new CataloguedError('DEPARTMENT_UNAVAILABLE', `${code} does not give its items: ${reason}`, { department: code });
  }
}
