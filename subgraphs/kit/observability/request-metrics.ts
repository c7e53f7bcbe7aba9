import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { Counter, Histogram, Registry } from 'prom-client';
import { CATALOGUE } from '../errors/catalogue.js';
import { counterOf, histogramOf, readOne } from './instruments.js';

export type OperationKind = 'query' | 'mutation' | 'subscription' | 'none';

/** Counts what is asked and what comes of it, for a gateway or for a subgraph. */
export class RequestMetrics {
  readonly #total: Counter<'type' | 'code'>;
  readonly #duration: Histogram<'type' | 'outcome'>;
  #inFlight = 0;

  constructor(registry: Registry, of: 'gateway' | 'subgraph') {
    this.#total = counterOf(registry, of === 'gateway' ? 'acceptance_requests_total' : 'acceptance_subgraph_requests_total');
    this.#duration = histogramOf(
      registry,
      of === 'gateway' ? 'acceptance_request_duration_seconds' : 'acceptance_subgraph_request_duration_seconds',
    );
    readOne(registry, 'acceptance_requests_in_flight', () => this.#inFlight);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** One more is under way, until the returned function is called; a second call changes nothing. */
  begin(): () => void {
    this.#inFlight++;
    let ended = false;
    return () => {
      if (!ended) this.#inFlight--;
      ended = true;
    };
  }

  /** An operation that is not timed: one that was refused before it was read, or a subscription. */
  count(type: OperationKind, error?: unknown): void {
    this.#total.inc({ type, code: error === undefined ? 'OK' : knownCode(error) });
  }

  answered(type: OperationKind, errors: readonly GraphQLFormattedError[] | undefined, hasData: boolean, ms: number): void {
    const [first] = errors ?? [];
    this.#total.inc({ type, code: first === undefined ? 'OK' : knownCode(first) });
    this.#duration.observe({ type, outcome: first === undefined ? 'ok' : hasData ? 'partial' : 'error' }, ms / 1_000);
  }

  /** Counts every operation that reaches Apollo Server, from the moment it does. */
  plugin<TContext extends BaseContext>(): ApolloServerPlugin<TContext> {
    return {
      contextCreationDidFail: async ({ error }) => this.count('none', error),
      invalidRequestWasReceived: async () => this.count('none', { extensions: { code: 'BAD_REQUEST' } }),
      requestDidStart: async () => {
        const began = performance.now();
        return {
          willSendResponse: async ({ operation, response: { body } }) => {
            const { data, errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
            this.answered(operation?.operation ?? 'none', errors, data != null, performance.now() - began);
          },
        };
      },
    };
  }
}

/** A department in another language may answer with any code it likes: a label has only those that are known. */
function knownCode(error: unknown): string {
  const code = (error as { extensions?: { code?: unknown } } | null)?.extensions?.code;
  if (code === undefined) return 'INTERNAL_SERVER_ERROR';
  return typeof code === 'string' && Object.hasOwn(CATALOGUE, code) ? code : 'OTHER';
}
