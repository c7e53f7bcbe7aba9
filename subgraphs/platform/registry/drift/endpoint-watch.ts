import type { Logger } from 'pino';
import { outlineDifferences } from '../../../../schema/composition/schema-outline.js';
import { SubgraphCallFailed } from '../../../kit/server/call-subgraph.js';
import type { Store } from '../../../kit/store/open-store.js';
import { EndpointState } from '../endpoint-state.js';
import { type DepartmentPublication, Publications } from '../publications.js';
import type { LiveEndpoints } from '../publishing/live-check.js';
import { endpointObservations } from './tables.js';

const TOLD = 50;

export interface EndpointWatchOptions {
  readonly store: Store;
  readonly endpoints: LiveEndpoints;
  readonly clock: () => Date;
  readonly log: Logger;
}

interface Observed {
  readonly state: EndpointState;
  readonly differences: string[];
}

/**
 * Asks every department now and then what it is. One that answers another schema than it published is reported; the graph
 * keeps what was published, since that is what clients were promised.
 */
export class EndpointWatch implements AsyncDisposable {
  readonly #options: EndpointWatchOptions;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: EndpointWatchOptions) {
    this.#options = options;
  }

  /** Looks again and again, so many milliseconds apart, until what is returned is disposed of. */
  every(intervalMs: number): AsyncDisposable {
    const timer = setInterval(() => void this.look(), intervalMs);
    timer.unref();
    return {
      [Symbol.asyncDispose]: async () => {
        clearInterval(timer);
        await this.#round;
      },
    };
  }

  /** One round over every department; rounds never overlap. */
  look(): Promise<void> {
    this.#round = this.#round.then(async () => {
      if (this.#stopped) return;
      try {
        const { departments } = await Publications.read(this.#options.store.fork());
        await Promise.all(departments.map((department) => this.#observe(department)));
      } catch (error) {
        this.#options.log.error({ err: error }, 'looking at the departments’ endpoints failed');
      }
    });
    return this.#round;
  }

  async #observe(department: DepartmentPublication): Promise<void> {
    const { store, clock, log } = this.#options;
    const { state, differences } = await this.#ask(department);
    const em = store.fork();
    const row = await em.findOne(endpointObservations, department.name);
    const now = clock();
    if (row?.state !== state) {
      const told = { department: department.name, state, differences: differences.slice(0, 5) };
      if (state !== EndpointState.MATCHES)
        log.warn(told, 'a department’s endpoint is not what it published; the published contract stays in force');
      else if (row !== null) log.info(told, 'a department’s endpoint is what it published again');
    }
    const since = row?.state === state ? row.since : now;
    await em.upsert(endpointObservations, { code: department.name, state, since, checkedAt: now, differences });
  }

  async #ask({ name, url, sdl }: DepartmentPublication): Promise<Observed> {
    try {
      const differences = outlineDifferences(sdl, await this.#options.endpoints.sdlOf({ code: name, url }));
      const state = differences.length === 0 ? EndpointState.MATCHES : EndpointState.DIFFERS;
      return { state, differences: differences.slice(0, TOLD) };
    } catch (error) {
      if (!(error instanceof SubgraphCallFailed)) throw error;
      return { state: EndpointState.UNREACHABLE, differences: [] };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await this.#round;
  }
}
