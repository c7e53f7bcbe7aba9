import type { DocumentNode } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { OperationResult, SubgraphFetcher, SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { Endpoints } from '../fetching/endpoints.js';
import type { FetchContext } from '../fetching/subgraph-client.js';
import type { SubscriptionPlan } from '../supergraph/generation.js';
import type { Generations, Lease } from '../supergraph/generations.js';
import { EventQueue, StreamFailure } from './event-queue.js';
import type { UpstreamSockets } from './upstream-sockets.js';
import { UpstreamSubscription } from './upstream-subscription.js';

export interface SubscriptionRequest {
  /** Valid in the schema of `lease`, which the stream gives back when it ends. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly context: FetchContext;
  readonly lease: Lease;
}

/** Results in order. `return` releases everything at once; `next` rejects with a StreamFailure when the stream ends with errors. */
export interface ResultStream extends AsyncIterableIterator<OperationResult, undefined> {
  return(): Promise<IteratorResult<OperationResult, undefined>>;
  throw(): Promise<IteratorResult<OperationResult, undefined>>;
}

export interface SubscriptionEngineOptions {
  readonly generations: Pick<Generations, 'current'>;
  readonly sockets: UpstreamSockets;
  readonly fetcherFor: (endpoints: Pick<Endpoints, 'find'>) => SubgraphFetcher<FetchContext>;
  /** Events that may wait for one client. */
  readonly queueLimit?: number | undefined;
  /** Milliseconds for which a lost upstream is sought again before the client is told. */
  readonly resumeForMs?: number | undefined;
}

/** Runs subscriptions: one subgraph streams events, the others complete each one. Knows nothing of how clients are connected. */
export class SubscriptionEngine {
  readonly #options: SubscriptionEngineOptions;
  readonly #live = new Set<ResultStream>();

  constructor(options: SubscriptionEngineOptions) {
    this.#options = options;
  }

  get live(): number {
    return this.#live.size;
  }

  /**
   * Plans at once, streams from the first `next` on. The lease is given back when this throws, or when the stream ends.
   * @throws GraphQLError when the operation can't be planned.
   */
  async subscribe(request: SubscriptionRequest): Promise<ResultStream> {
    const { document, operationName, variables, lease } = request;
    try {
      const plan = await lease.serving.generation.planSubscription({ document, operationName, variables });
      return this.#stream(plan, request);
    } catch (error) {
      lease[Symbol.dispose]();
      throw error;
    }
  }

  #stream(plan: SubscriptionPlan, { context, lease }: SubscriptionRequest): ResultStream {
    const { generations, sockets, fetcherFor, queueLimit = 256, resumeForMs = 60_000 } = this.#options;
    // a department may move while a subscription lives on: the newest generation knows where it is
    const endpoints: Pick<Endpoints, 'find'> = {
      find: (target) => generations.current?.endpoints.find(target) ?? lease.serving.endpoints.find(target),
    };
    const fetcher = fetcherFor(endpoints);
    const queue = new EventQueue<SubgraphResponse>(queueLimit, () => {
      upstream[Symbol.dispose]();
      this.#live.delete(stream);
      lease[Symbol.dispose]();
    });
    const upstream = new UpstreamSubscription({
      sockets,
      primary: plan.primary,
      schema: lease.serving.generation.apiSchema,
      caller: context.caller,
      locate: () => endpoints.find(plan.primary.target),
      resumeForMs,
      sink: {
        next: (event) => {
          if (!queue.push(event)) queue.end(new StreamFailure([tooSlow(queueLimit)]));
        },
        failed: (errors) => queue.end(new StreamFailure(errors)),
        complete: () => queue.end(),
      },
    });
    const stream: ResultStream = {
      [Symbol.asyncIterator]() {
        return this;
      },
      async next() {
        const event = await queue.next();
        if (event.done === true) return { value: undefined, done: true };
        try {
          return { value: await plan.complete(event.value, context, fetcher), done: false };
        } catch (error) {
          // a reader that gets an error from `next` does not call `return`
          await queue.return();
          throw error;
        }
      },
      async return() {
        await queue.return();
        return { value: undefined, done: true };
      },
      async throw() {
        await queue.return();
        return { value: undefined, done: true };
      },
    };
    this.#live.add(stream);
    upstream.start();
    return stream;
  }

  /** Ends every stream, as when its client leaves. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#live].map((stream) => stream.return()));
  }
}

function tooSlow(limit: number): CataloguedError {
  return new CataloguedError('SUBSCRIPTION_TOO_SLOW', `more than ${limit} events wait to be read; subscribe again with the last cursor`, {
    limit,
  });
}
