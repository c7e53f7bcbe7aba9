import { assertValidSchema, type GraphQLSchema } from 'graphql';
import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';
import { Endpoints } from '../fetching/endpoints.js';
import type { Logger } from '../observability/logger.js';
import { Generation, type GenerationOptions } from './generation.js';
import type { DocumentOrigin } from './supergraph-source.js';

/** How many of the most used operations are planned before a generation takes over, and for how many milliseconds at most. */
const WARMED = 200;
const WARMING_MS = 1_000;

/** A generation in service, with where its subgraphs answer. */
export interface ServingGeneration {
  readonly generation: Generation;
  readonly endpoints: Endpoints;
  readonly origin: DocumentOrigin;
  readonly since: Date;
}

/** Somebody still works with the generation; dispose it when done. */
export interface Lease extends Disposable {
  readonly serving: ServingGeneration;
}

export interface GenerationsOptions {
  readonly logger: Logger;
  /** What every generation is built with. */
  readonly generation?: GenerationOptions;
  /** Called with each new generation before it takes over; what it throws refuses the generation. */
  readonly onSwap?: (next: ServingGeneration) => void;
  /** Called when a generation has taken over. */
  readonly onSwapped?: () => void;
  /** Called whenever a generation is no longer needed, with every address that still is. */
  readonly onRetire?: (urlsInUse: ReadonlySet<string>) => void;
}

/** The generation in service and those that requests still finish on. */
export class Generations {
  readonly #options: GenerationsOptions;
  readonly #bySchema = new WeakMap<GraphQLSchema, ServingGeneration>();
  readonly #leases = new Map<ServingGeneration, number>();
  #current: ServingGeneration | undefined;

  constructor(options: GenerationsOptions) {
    this.#options = options;
  }

  get current(): ServingGeneration | undefined {
    return this.#current;
  }

  /**
   * Builds the next generation beside the current one, plans what is asked most, and swaps. One at a time.
   * Resolves to what is wrong with a document that was refused.
   */
  async offer(document: SupergraphDocument, origin: DocumentOrigin): Promise<Error | undefined> {
    const { logger, onSwap } = this.#options;
    const started = performance.now();
    let next: ServingGeneration;
    let warmed: number;
    try {
      const generation = Generation.build(document, this.#options.generation);
      assertValidSchema(generation.apiSchema);
      warmed = await generation.warm(this.#current?.generation.mostUsed(WARMED) ?? [], WARMING_MS);
      next = { generation, endpoints: new Endpoints(document.departments, generation.subgraphs), origin, since: new Date() };
      this.#bySchema.set(generation.apiSchema, next);
      onSwap?.(next);
    } catch (error) {
      logger.error({ version: document.version, origin, err: error }, 'a supergraph was refused; the one in service stays');
      return error as Error;
    }
    this.#current = next;
    const buildMs = Math.round(performance.now() - started);
    logger.info({ version: document.version, origin, buildMs, warmed }, 'a supergraph went into service');
    this.#retire();
    this.#options.onSwapped?.();
    return undefined;
  }

  /** The generation that `schema` belongs to, retired or not. */
  lease(schema: GraphQLSchema): Lease {
    const serving = this.#bySchema.get(schema);
    if (serving === undefined) throw new Error('this schema belongs to no generation');
    this.#leases.set(serving, (this.#leases.get(serving) ?? 0) + 1);
    return {
      serving,
      [Symbol.dispose]: () => {
        const rest = (this.#leases.get(serving) ?? 0) - 1;
        if (rest > 0) this.#leases.set(serving, rest);
        else this.#leases.delete(serving);
        if (rest === 0 && serving !== this.#current) this.#retire();
      },
    };
  }

  #retire(): void {
    const inUse = new Set<string>();
    for (const { endpoints } of [...this.#leases.keys(), ...(this.#current === undefined ? [] : [this.#current])]) {
      for (const url of endpoints.urls()) inUse.add(url);
    }
    this.#options.onRetire?.(inUse);
  }
}
