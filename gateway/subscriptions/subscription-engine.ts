import { randomUUID } from 'node:crypto';
import { SpanKind } from '@opentelemetry/api';
import { type DocumentNode, type GraphQLSchema, validate } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { newTraceParent, traceParentOf } from '../../subgraphs/kit/traces/trace-parent.js';
import type { Traces } from '../../subgraphs/kit/traces/traces.js';
import type { Grants } from '../authorization/grants.js';
import type { FetchTarget, SubgraphFetcher, SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { Endpoints } from '../fetching/endpoints.js';
import type { FetchContext } from '../fetching/subgraph-client.js';
import type { Logger } from '../observability/logger.js';
import { RequestTrace } from '../observability/request-trace.js';
import type { SubscriptionPlan } from '../supergraph/generation.js';
import type { Generations, Lease } from '../supergraph/generations.js';
import type { LiveMetrics } from './live-metrics.js';
import { type EventCompleter, LiveOperation, type Watcher } from './live-operation.js';
import { operationKey } from './operation-key.js';
import type { Primary } from './primary.js';
import { SharedFeed, type Strand } from './shared-feed.js';
import { toldErrors } from './told-errors.js';
import { Turns } from './turns.js';
import type { UpstreamSockets } from './upstream-sockets.js';
import { type LossPolicy, UpstreamStream } from './upstream-stream.js';
import { SHARED_SUBJECT, type Viewer, viewerOf } from './viewer.js';

export interface SubscriptionRequest {
  /** Valid in the schema of `lease`, which is given back when the subscription ends. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly context: Pick<FetchContext, 'caller'> & { readonly clientName?: string | undefined };
  readonly lease: Lease;
  /** After which event to begin, whatever the operation says. */
  readonly after?: string | undefined;
}

/** A client's hold on its subscription. */
export interface Subscription {
  /** Leaves at once; the watcher hears nothing more. */
  leave(): void;
}

export interface SubscriptionEngineOptions extends Partial<LossPolicy> {
  readonly generations: Pick<Generations, 'current' | 'lease'>;
  readonly sockets: UpstreamSockets;
  readonly fetcherFor: (endpoints: Pick<Endpoints, 'find'>) => SubgraphFetcher<FetchContext>;
  readonly logger: Logger;
  readonly metrics: LiveMetrics;
  /** What a viewer may read of what is guarded; nothing when absent. */
  readonly grantsFor?: ((viewer: Viewer) => Grants) | undefined;
  /** Records the completion of events; absent: nothing is recorded. */
  readonly traces?: Traces | undefined;
  /** Told of every subscription that begins, or with what is wrong with it. */
  readonly onSubscribed?: ((error?: unknown) => void) | undefined;
  /** Told of every subscription of which its caller may not read all. */
  readonly onCut?: ((request: SubscriptionRequest) => void) | undefined;
  /** Events that may wait to be completed for one operation. */
  readonly queueLimit?: number | undefined;
  /** Bytes of events that may wait for one operation. */
  readonly pendingBytes?: number | undefined;
  /** Milliseconds for which clients that take nothing are waited for, where nobody else waits with them. */
  readonly stallMs?: number | undefined;
  /** Milliseconds one event may take to be completed. */
  readonly completionMs?: number | undefined;
  /** Whether streams without `@eventCursor` are shared, too, by those who come while they run. */
  readonly shareUnmarked?: boolean | undefined;
}

/**
 * What completions ask of one department or subgraph at the same time, all operations together. Each has turns of its own, so that
 * one which is slow holds up the events of its own cases and nobody else's. They are half of what may be under way to it, so
 * that events leave room for questions; and many operations that want the same event do not turn each other away.
 */
const CONCURRENT = 64;

/** A feed that runs. */
interface KnownFeed {
  readonly key: string;
  readonly feed: SharedFeed;
}

/** What the engine knows of an operation beside its events. */
interface OperationState {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly viewer: Viewer;
  readonly key: string;
  known: KnownFeed;
  lease: Lease;
  primary: Primary;
}

/**
 * Runs subscriptions, and knows nothing of how clients are connected. One upstream per stream and viewer
 * ({@link SharedFeed}), one completion per event, operation and viewer ({@link LiveOperation}). It keeps nothing that a
 * client needs to resume: a cursor is enough, at any gateway.
 */
export class SubscriptionEngine {
  readonly #options: SubscriptionEngineOptions;
  readonly #feeds = new Map<string, KnownFeed>();
  readonly #operations = new Map<LiveOperation, OperationState>();
  readonly #byStrand = new WeakMap<Strand, Map<string, LiveOperation>>();
  readonly #valid = new WeakMap<GraphQLSchema, WeakSet<DocumentNode>>();
  readonly #turns = new Map<string, Turns>();
  #replanning: Promise<void> | undefined;
  #swapped = false;
  /** Some operation was not planned anew yet, for want of a position. */
  #postponed = false;
  #closed = false;

  constructor(options: SubscriptionEngineOptions) {
    this.#options = options;
  }

  /** Operations that run, each for any number of clients. */
  get operations(): number {
    return this.#operations.size;
  }

  get watchers(): number {
    return this.#operations.keys().reduce((sum, { size }) => sum + size, 0);
  }

  /** Upstream subscriptions. */
  get upstreams(): number {
    return this.#feeds.values().reduce((sum, { feed }) => sum + feed.strands, 0);
  }

  /** Events that wait to be completed. */
  get pending(): number {
    return this.#operations.keys().reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Gives the watcher the results from now on, or from where the request says. What is wrong with it, the watcher is told. */
  subscribe(request: SubscriptionRequest, watcher: Watcher): Subscription {
    const state = { left: false };
    const { onSubscribed } = this.#options;
    this.#join(request, watcher, state).then(
      () => onSubscribed?.(),
      (error: unknown) => {
        onSubscribed?.(error);
        if (state.left) return;
        state.left = true;
        watcher.end([error]);
      },
    );
    return {
      leave() {
        state.left = true;
        watcher.operation?.remove(watcher);
      },
    };
  }

  async #join(request: SubscriptionRequest, watcher: Watcher, state: { left: boolean }): Promise<void> {
    const { document, operationName, variables = {}, context, lease } = request;
    let leased = true;
    try {
      const grants = this.#options.grantsFor?.(viewerOf(context.caller, []));
      const plan = await lease.serving.generation.planSubscription({
        document,
        operationName,
        variables,
        grants,
        client: context.clientName,
      });
      if (plan.isCut) this.#options.onCut?.(request);
      const { primary } = plan;
      const viewer = viewerOf(context.caller, primary.live.sharedFor);
      const key = `${operationKey(document, operationName, variables, primary.live.cursor?.argument)}${plan.cutKey}`;
      const known = this.#feed(primary, viewer);
      await known.feed.join(primary.live.cursor && (request.after ?? primary.startedAfter), (strand) => {
        if (state.left || this.#closed) return;
        const found = this.#on(strand).get(key);
        if (found !== undefined) {
          found.add(watcher);
          return;
        }
        leased = false;
        this.#begin(strand, { document, operationName, variables, viewer, key, known, lease, primary }, plan).add(watcher);
      });
    } finally {
      if (leased) lease[Symbol.dispose]();
    }
    // planned on a generation that has been replaced meanwhile
    if (!leased && this.#options.generations.current !== lease.serving) this.swapped();
  }

  #on(strand: Strand): Map<string, LiveOperation> {
    let operations = this.#byStrand.get(strand);
    if (operations === undefined) {
      operations = new Map();
      this.#byStrand.set(strand, operations);
    }
    return operations;
  }

  #begin(strand: Strand, state: OperationState, plan: SubscriptionPlan): LiveOperation {
    const { queueLimit = 256, pendingBytes = 16_777_216, stallMs = 10_000, completionMs = 30_000, metrics } = this.#options;
    const operation: LiveOperation = new LiveOperation(strand, {
      completer: this.#completer(plan, state),
      pendingLimit: queueLimit,
      pendingBytes,
      stallMs,
      completionMs,
      tooSlow: () => tooSlow(queueLimit, operation.cursor),
      onFull: (full, cursor) => {
        // without a position it can't be taken up again
        if (cursor === undefined || state.primary.live.cursor === undefined) return false;
        this.#forget(full);
        state.known.feed.leave(full.strand, full);
        return true;
      },
      onRoom: (full, cursor) => void this.#takeUp(full, state, cursor),
      onDelivered: (watchers, lagMs) => metrics.delivered(watchers, lagMs),
      onAccident: (error) => error,
      onLeave: () => {
        this.#forget(operation);
        state.known.feed.leave(operation.strand, operation);
      },
      onClose: () => {
        this.#operations.delete(operation);
        state.lease[Symbol.dispose]();
      },
      onMoved: (moved, from, to) => {
        if (this.#on(from).get(state.key) === moved) this.#on(from).delete(state.key);
        this.#settle(moved, state, to);
      },
    });
    this.#operations.set(operation, state);
    this.#on(strand).set(state.key, operation);
    return operation;
  }

  /** An operation has come to a strand. Where another does the same there, that one takes over its watchers once it has come as far. */
  #settle(operation: LiveOperation, { key }: OperationState, strand: Strand): void {
    const there = this.#on(strand).get(key);
    if (there === undefined || there === operation || there.over) {
      this.#on(strand).set(key, operation);
      return;
    }
    if (there.absorb(operation)) return;
    operation.onDelivered = () => {
      const now = this.#on(operation.strand).get(key);
      if (now === undefined || now === operation || now.over) {
        this.#on(operation.strand).set(key, operation);
        operation.onDelivered = undefined;
      } else if (now.absorb(operation)) operation.onDelivered = undefined;
    };
  }

  #forget(operation: LiveOperation): void {
    const operations = this.#byStrand.get(operation.strand);
    const state = this.#operations.get(operation);
    if (state !== undefined && operations?.get(state.key) === operation) operations.delete(state.key);
  }

  #completer(plan: SubscriptionPlan, { viewer, lease }: OperationState): EventCompleter {
    const { logger } = this.#options;
    const ask = this.#options.fetcherFor(this.#endpoints(lease));
    const fetcher: SubgraphFetcher<FetchContext> = (fetch, context) =>
      this.#turnsOf(fetch.target).take(() => ask(fetch, context), context.signal);
    return {
      complete: async (event: SubgraphResponse, signal: AbortSignal) => {
        const requestId = randomUUID();
        const caller = { subject: viewer.subject, roles: viewer.roles, requestId };
        const traceparent = traceParentOf(newTraceParent());
        const trace = this.#options.traces && new RequestTrace(this.#options.traces, 'subscription event', undefined, SpanKind.CONSUMER);
        const { data, errors, extensions } = await plan.complete(event, { caller, signal, traceparent, trace }, fetcher);
        trace?.end();
        const told = errors && toldErrors(errors, logger, { requestId, traceparent });
        return JSON.stringify({ ...(told && { errors: told }), ...(data !== undefined && { data }), ...(extensions && { extensions }) });
      },
    };
  }

  #turnsOf({ subgraph, department }: FetchTarget): Turns {
    const peer = department ?? subgraph;
    let turns = this.#turns.get(peer);
    if (turns === undefined) this.#turns.set(peer, (turns = new Turns(CONCURRENT)));
    return turns;
  }

  /** Departments may move while a subscription lives on: the newest generation knows where they are. */
  #endpoints({ serving }: Lease): Pick<Endpoints, 'find'> {
    const { generations } = this.#options;
    return { find: (target) => generations.current?.endpoints.find(target) ?? serving.endpoints.find(target) };
  }

  /** @param answered whether its subgraph is known to answer. */
  #feed(primary: Primary, viewer: Viewer, answered = false): KnownFeed {
    const { shareUnmarked = true } = this.#options;
    const shared = shareUnmarked || primary.live.cursor !== undefined;
    const key = JSON.stringify([viewer.key, primary.key, shared ? null : randomUUID()]);
    const found = this.#feeds.get(key);
    if (found !== undefined) return found;
    const known: KnownFeed = {
      key,
      feed: this.#openFeed(primary, viewer, answered, () => this.#drop(known)),
    };
    this.#feeds.set(key, known);
    return known;
  }

  #drop(known: KnownFeed): void {
    if (this.#feeds.get(known.key) === known) this.#feeds.delete(known.key);
  }

  #openFeed(primary: Primary, { subject, roles }: Viewer, answered: boolean, onIdle: () => void): SharedFeed {
    const { generations, sockets, metrics, fetcherFor, resumeForMs = 60_000, onLoss = 'end' } = this.#options;
    const locate: Endpoints['find'] = (target) => generations.current?.endpoints.find(target);
    const caller = () => ({ subject, roles, requestId: randomUUID() });
    const { start } = primary;
    let ran = answered;
    return new SharedFeed(
      (after, sink) =>
        new UpstreamStream({
          sockets,
          primary,
          caller: caller(),
          after,
          known: ran,
          locate: () => locate(primary.after(undefined).target),
          resumeForMs,
          onLoss,
          onLost: () => metrics.upstreamLost(),
          sink: {
            ...sink,
            next: (event, cursor, bytes) => {
              ran = true;
              metrics.received();
              sink.next(event, cursor, bytes);
              if (this.#postponed) {
                this.#postponed = false;
                this.swapped();
              }
            },
          },
        }),
      start &&
        (async () => {
          const answer = await fetcherFor({ find: locate })(start.fetch, { caller: caller(), signal: AbortSignal.timeout(10_000) });
          const [error] = answer.errors ?? [];
          if (error !== undefined) throw refusedStart(error);
          return start.read(answer);
        }),
      onIdle,
    );
  }

  /** A new generation serves: plans every operation anew, in place. */
  swapped(): void {
    this.#swapped = true;
    this.#replanning ??= this.#replanAll().finally(() => {
      this.#replanning = undefined;
    });
  }

  async #replanAll(): Promise<void> {
    while (this.#swapped && !this.#closed) {
      this.#swapped = false;
      for (const { feed } of this.#feeds.values()) feed.followMove();
      for (const [operation, state] of this.#operations) {
        await this.#replan(operation, state);
        // planning must not hold up events
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  async #replan(operation: LiveOperation, state: OperationState): Promise<void> {
    const { generations } = this.#options;
    const { current } = generations;
    const { document, operationName, variables, viewer } = state;
    if (current === undefined || current === state.lease.serving || operation.over) return;
    const lease = generations.lease(current.generation.apiSchema);
    let leased = true;
    try {
      if (!this.#isValid(current.generation.apiSchema, document)) throw new Error('no longer valid');
      const grants = this.#options.grantsFor?.(viewer);
      const plan = await current.generation.planSubscription({ document, operationName, variables, grants });
      if (operation.over) return;
      const { live } = plan.primary;
      // who shares by roles may go on together only while the schema says so
      const apart = viewer.subject.startsWith(SHARED_SUBJECT) && viewerOf({ ...viewer, subject: '' }, live.sharedFor).key !== viewer.key;
      if (apart) throw new Error('no longer shared');
      const known = this.#feed(plan.primary, viewer, true);
      if (known !== state.known && live.cursor !== undefined && operation.receivedCursor === undefined) {
        // before its first event nobody knows where another upstream would have to begin; until then the old plan holds
        this.#postponed = true;
        if (known.feed.strands === 0) this.#drop(known);
        return;
      }
      state.lease[Symbol.dispose]();
      state.lease = lease;
      state.primary = plan.primary;
      leased = false;
      operation.completer = this.#completer(plan, state);
      // one that is away comes back to where the new plan says
      if (operation.away) {
        if (known.feed.strands === 0 && known !== state.known) this.#drop(known);
      } else if (known !== state.known) await this.#move(operation, state, known);
    } catch {
      operation.failed([schemaReload(operation.cursor)]);
    } finally {
      if (leased) lease[Symbol.dispose]();
    }
  }

  /** Goes on with an operation that was taken off its strand. */
  async #takeUp(operation: LiveOperation, state: OperationState, cursor: string | undefined): Promise<void> {
    if (!operation.away || operation.over || this.#closed) return;
    const known = this.#feed(state.primary, state.viewer, true);
    await known.feed.join(cursor, (strand) => {
      if (!operation.away || operation.over || this.#closed) return;
      strand.consumers.add(operation);
      operation.listenTo(strand);
      state.known = known;
      this.#settle(operation, state, strand);
    });
  }

  /** Goes on at another upstream after the last event that came. */
  async #move(operation: LiveOperation, state: OperationState, known: KnownFeed): Promise<void> {
    await known.feed.join(operation.receivedCursor, (strand) => {
      if (operation.over || operation.away) return;
      const { strand: old } = operation;
      this.#forget(operation);
      strand.consumers.add(operation);
      operation.listenTo(strand);
      state.known.feed.leave(old, operation);
      state.known = known;
      this.#settle(operation, state, strand);
    });
  }

  #isValid(schema: GraphQLSchema, document: DocumentNode): boolean {
    let valid = this.#valid.get(schema);
    if (valid === undefined) {
      valid = new WeakSet();
      this.#valid.set(schema, valid);
    }
    if (valid.has(document)) return true;
    if (validate(schema, document).length > 0) return false;
    valid.add(document);
    return true;
  }

  /** Leaves every upstream; watchers are told nothing, as their connections are closed with a word of their own. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const operation of this.#operations.keys()) operation.abandon();
    await this.#replanning;
  }
}

function tooSlow(limit: number, cursor: string | undefined): CataloguedError {
  return new CataloguedError('SUBSCRIPTION_TOO_SLOW', `more than ${limit} events wait to be read; subscribe again with the last cursor`, {
    limit,
    ...(cursor !== undefined && { cursor }),
  });
}

function schemaReload(cursor: string | undefined): CataloguedError {
  return new CataloguedError('SUBSCRIPTION_SCHEMA_RELOAD', 'the schema changed and has no place for this subscription any more', {
    ...(cursor !== undefined && { cursor }),
  });
}

function refusedStart({
  message = 'the subgraph does not say where its events begin',
  extensions = {},
}: NonNullable<SubgraphResponse['errors']>[number]) {
  return { message, extensions };
}
