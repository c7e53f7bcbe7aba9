import { randomUUID } from 'node:crypto';
import type { SubgraphFetcher } from '../execution/subgraph-fetch.js';
import type { Endpoints } from '../fetching/endpoints.js';
import type { FetchContext } from '../fetching/subgraph-client.js';
import type { Generations } from '../supergraph/generations.js';
import type { Logger } from './logger.js';

export interface RequiredSubgraphs {
  /** Names; absent: every subgraph that is no department's. */
  readonly names?: readonly string[] | undefined;
  /** Milliseconds between two questions to each. 5,000 by default. */
  readonly everyMs?: number | undefined;
}

export interface RequiredWatchOptions extends RequiredSubgraphs {
  readonly generations: Pick<Generations, 'current'>;
  readonly fetcherFor: (endpoints: Pick<Endpoints, 'find'>) => SubgraphFetcher<FetchContext>;
  readonly logger: Logger;
}

/** So many questions in a row without an answer make a subgraph count as down: one that is lost on the way does not. */
const PATIENCE = 3;
const TIMEOUT = 2_000;

/** Asks the subgraphs without which a gateway is of little use whether they answer. */
export class RequiredWatch implements AsyncDisposable {
  readonly #options: RequiredWatchOptions;
  readonly #missed = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;
  #asking: Promise<void> = Promise.resolve();
  #busy = false;

  constructor(options: RequiredWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      if (!this.#busy) this.#asking = this.look();
    }, options.everyMs ?? 5_000);
  }

  /** Those that have to be there. */
  get names(): readonly string[] {
    return this.#names();
  }

  /** Those that have not answered lately. */
  get down(): string[] {
    return this.#names().filter((name) => (this.#missed.get(name) ?? 0) >= PATIENCE);
  }

  /** Asks each once. */
  async look(): Promise<void> {
    this.#busy = true;
    await Promise.all(this.#names().map((name) => this.#ask(name)));
    this.#busy = false;
  }

  #names(): readonly string[] {
    const { generations, names } = this.#options;
    if (generations.current === undefined) return [];
    const { document, subgraphs } = generations.current.generation;
    const departments = new Set(['departments', ...document.departments.map(({ code }) => code)]);
    const all = subgraphs.map(({ name }) => name).filter((name) => !departments.has(name));
    return names === undefined ? all : all.filter((name) => names.includes(name));
  }

  async #ask(name: string): Promise<void> {
    const { generations, fetcherFor, logger } = this.#options;
    const { current } = generations;
    if (current === undefined) return;
    const caller = { subject: 'gateway', roles: ['platform'], requestId: randomUUID() };
    const missed = this.#missed.get(name) ?? 0;
    try {
      await fetcherFor(current.endpoints)(
        { target: { subgraph: name }, kind: 'query', query: '{ __typename }' },
        { caller, signal: AbortSignal.timeout(TIMEOUT) },
      );
      this.#missed.set(name, 0);
      if (missed >= PATIENCE) logger.info({ subgraph: name }, 'a required subgraph answers again');
    } catch {
      this.#missed.set(name, missed + 1);
      if (missed + 1 === PATIENCE) logger.warn({ subgraph: name }, 'a required subgraph does not answer; the gateway is not ready');
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#asking;
  }
}
