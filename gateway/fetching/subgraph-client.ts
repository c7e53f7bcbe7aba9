import { randomUUID } from 'node:crypto';
import type { ExchangeSender, SignedDispatch } from '../../subgraphs/kit/exchange/sender.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { DEADLINE_HEADER } from '../../subgraphs/kit/requests/deadline.js';
import { addressesOf } from '../../subgraphs/kit/server/address-list.js';
import type { FetchTarget, SubgraphFetch, SubgraphFetcher } from '../execution/subgraph-fetch.js';
import type { Logger } from '../observability/logger.js';
import type { RequestTrace } from '../observability/request-trace.js';
import { type ConnectionLimits, EndpointConnection, type NoAnswer } from './endpoint-connection.js';
import type { Endpoint, Endpoints } from './endpoints.js';
import type { EndpointState, FetchObserver } from './fetch-observer.js';
import { Instances } from './instances.js';
import { RetryBudget } from './retry-budget.js';
import { unavailable } from './unavailable.js';

/** What a fetch takes over from the request it is made for. */
export interface FetchContext {
  readonly caller: Caller;
  /** Aborts when the client leaves or its request is out of time. */
  readonly signal: AbortSignal;
  /** When the whole request is out of time, by `performance.now()`; absent: only its fetches have limits. */
  readonly deadline?: number | undefined;
  /** The W3C trace context header, passed on as it came where nothing is recorded. */
  readonly traceparent?: string | undefined;
  /** What is recorded of the operation; absent while nothing is. */
  trace?: RequestTrace | undefined;
}

export interface SubgraphClientOptions extends Partial<ConnectionLimits> {
  readonly logger: Logger;
  /** Absent: subgraphs are asked without a token. */
  readonly internalTokens?: InternalTokens | undefined;
  /** Signs mutations, and keeps a record of them; absent: they go unsigned. */
  readonly exchange?: ExchangeSender | undefined;
  /** Milliseconds one fetch may take, waiting included. */
  readonly timeoutMs?: number | undefined;
  /** Told of every request. */
  readonly observer?: FetchObserver | undefined;
  readonly departmentTimeoutsMs?: Readonly<Record<string, number>> | undefined;
}

const LIMITS: ConnectionLimits = {
  concurrent: 128,
  waiting: 1_024,
  maxResponseSize: 32 * 1_048_576,
  breakerFailures: 5,
  breakerProbeMs: 500,
};
const CACHED_QUERIES = 4_096;
const NEVER = new AbortController().signal;

/** Asks subgraphs over HTTP. Peers share nothing here: one that is slow or down costs only what is asked of it. */
export class SubgraphClient implements AsyncDisposable {
  readonly #options: SubgraphClientOptions;
  readonly #limits: ConnectionLimits;
  readonly #connections = new Map<string, { readonly peer: string; readonly connection: EndpointConnection }>();
  /** By the list of their addresses. */
  readonly #instances = new Map<string, { readonly instances: Instances; readonly connections: readonly EndpointConnection[] }>();
  readonly #quoted = new Map<string, string>();
  readonly #budgets = new Map<string, RetryBudget>();
  /** Requests of which a mutation has gone out. */
  readonly #changing = new WeakSet<AbortSignal>();

  constructor(options: SubgraphClientOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options };
  }

  /** Asks the subgraphs at the addresses that `endpoints` knows at the time of each fetch. */
  fetcher(endpoints: Pick<Endpoints, 'find'>): SubgraphFetcher<FetchContext> {
    return async (fetch, context) => {
      const endpoint = endpoints.find(fetch.target);
      if (endpoint === undefined) throw unavailable(fetch.target);
      return this.#ask(endpoint, fetch, context);
    };
  }

  async #ask(endpoint: Endpoint, fetch: SubgraphFetch, { caller, signal: given, deadline, traceparent: above, trace }: FetchContext) {
    const { target, kind } = fetch;
    const authorization = await this.#options.internalTokens?.authorization(endpoint.audience, caller);
    const { observer } = this.#options;
    const { audience: peer } = endpoint;
    const began = performance.now();
    const signal = kind === 'mutation' ? this.#unlessChanging(given) : given;
    this.#budget(peer).called();
    const recorded = trace?.fetch(target, addressesOf(endpoint.url)[0] ?? '');
    const traceparent = recorded?.traceparent ?? above;
    const traced = { trace_id: traceparent?.split('-')[1] };
    const { instances, connections } = this.#instancesAt(endpoint);
    const wasOpen = connections.every(({ breaker }) => breaker.open);
    const body = this.#body(fetch);
    const signed = kind === 'mutation' ? await this.#sign(endpoint, body, caller) : undefined;
    try {
      const answer = await instances.ask(() => {
        const left = deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
        const timeoutMs = Math.min(this.#timeout(target), left);
        return {
          headers: {
            'content-type': 'application/json',
            accept: 'application/graphql-response+json, application/json;q=0.9',
            'x-request-id': caller.requestId,
            ...(authorization !== undefined && { authorization }),
            ...(traceparent !== undefined && { traceparent }),
            [DEADLINE_HEADER]: String(Math.max(0, Math.floor(timeoutMs))),
            ...signed?.headers,
          },
          body,
          timeoutMs,
          signal,
          repeatable: kind === 'query',
          watch: recorded,
        };
      });
      const came = answer.errors === undefined ? 'ok' : 'errors';
      observer?.fetched(peer, came, performance.now() - began);
      recorded?.end(came);
      if (wasOpen) this.#options.logger.info({ ...traced, target, requestId: caller.requestId }, 'it answers again');
      await signed?.settled('ANSWERED');
      return answer;
    } catch (error) {
      const { theirs, outcome, message, cause } = error as NoAnswer;
      observer?.fetched(peer, outcome, performance.now() - began);
      recorded?.end(outcome);
      const reason = {
        ...traced,
        target,
        requestId: caller.requestId,
        reason: message,
        ...(cause instanceof Error && { cause: cause.message }),
      };
      // one line per fetch would flood the log while a peer is down
      if (theirs && !wasOpen) this.#options.logger.warn(reason, 'a subgraph does not answer');
      else this.#options.logger.debug(reason, 'a subgraph is not asked or does not answer');
      await signed?.settled('SUBGRAPH_UNAVAILABLE');
      throw unavailable(target);
    }
  }

  /** Once one mutation of a request has gone out, the others go after it, whether or not its client still waits. */
  #unlessChanging(signal: AbortSignal): AbortSignal {
    if (this.#changing.has(signal)) return NEVER;
    if (!signal.aborted) this.#changing.add(signal);
    return signal;
  }

  #budget(peer: string): RetryBudget {
    let budget = this.#budgets.get(peer);
    if (budget === undefined) this.#budgets.set(peer, (budget = new RetryBudget()));
    return budget;
  }

  #mayRetry(peer: string): boolean {
    const allowed = this.#budget(peer).take();
    this.#options.observer?.retried(peer, allowed ? 'made' : 'denied');
    return allowed;
  }

  async #sign({ url, audience }: Endpoint, body: string, { requestId }: Caller): Promise<SignedDispatch | undefined> {
    return this.#options.exchange?.sign({
      method: 'POST',
      path: new URL(addressesOf(url)[0] ?? url).pathname,
      body,
      recipient: audience,
      requestId,
    });
  }

  #timeout({ department }: FetchTarget): number {
    const { timeoutMs = 5_000, departmentTimeoutsMs } = this.#options;
    return (department !== undefined && departmentTimeoutsMs?.[department]) || timeoutMs;
  }

  #body({ query, operationName, variables }: SubgraphFetch): string {
    let quoted = this.#quoted.get(query);
    if (quoted === undefined) {
      if (this.#quoted.size >= CACHED_QUERIES) this.#quoted.clear();
      quoted = JSON.stringify(query);
      this.#quoted.set(query, quoted);
    }
    const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
    return `{"query":${quoted}${name}${variables === undefined ? '' : `,"variables":${JSON.stringify(variables)}`}}`;
  }

  #instancesAt({ url, audience }: Endpoint) {
    const known = this.#instances.get(url);
    if (known !== undefined) return known;
    const connections = addressesOf(url).map((address) => this.#connection(address, audience));
    const made = {
      instances: new Instances(
        connections,
        () => this.#look(audience),
        () => this.#mayRetry(audience),
      ),
      connections,
    };
    this.#instances.set(url, made);
    return made;
  }

  /** A question that says nothing but whether somebody answers. */
  async #look(audience: string) {
    const requestId = randomUUID();
    const caller = { subject: 'gateway', roles: ['platform'], requestId };
    const authorization = await this.#options.internalTokens?.authorization(audience, caller);
    return {
      headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...(authorization !== undefined && { authorization }) },
      body: '{"query":"{ __typename }"}',
    };
  }

  #connection(url: string, audience: string): EndpointConnection {
    let known = this.#connections.get(url);
    if (known === undefined) {
      known = { peer: audience, connection: new EndpointConnection(url, this.#limits, () => this.#mayRetry(audience)) };
      this.#connections.set(url, known);
    }
    return known.connection;
  }

  /** How every peer is found that was asked. */
  *states(): Iterable<EndpointState> {
    for (const { peer, connection } of this.#connections.values()) yield { peer, ...connection.state };
  }

  /** Closes what leads elsewhere, once its requests have ended. An address that comes back is simply connected to anew. */
  keepOnly(urls: ReadonlySet<string>): void {
    for (const [list, { instances }] of this.#instances) {
      if (addressesOf(list).every((url) => urls.has(url))) continue;
      this.#instances.delete(list);
      instances[Symbol.dispose]();
    }
    for (const [url, { connection }] of this.#connections) {
      if (urls.has(url)) continue;
      this.#connections.delete(url);
      connection.close().catch((error: unknown) => this.#options.logger.warn({ err: error }, 'closing connections failed'));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { instances } of this.#instances.values()) instances[Symbol.dispose]();
    await Promise.all([...this.#connections.values()].map(({ connection }) => connection.destroy()));
    this.#connections.clear();
  }
}
