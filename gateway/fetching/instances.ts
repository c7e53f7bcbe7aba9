import { setTimeout as wait } from 'node:timers/promises';
import type { SubgraphResponse } from '../execution/subgraph-fetch.js';
import { type EndpointConnection, NoAnswer, type WireRequest } from './endpoint-connection.js';

/** Milliseconds between two looks at instances that failed, and how long each may take to answer one. */
const LOOK_EVERY = 500;
const LOOK_TIMEOUT = 1_000;

/** Milliseconds before the only instance is asked again, at least and at most: those that failed together do not come back together. */
const PAUSE = { least: 10, most: 100 };

/** What a request is, apart from the instance it goes to. */
export type InstanceRequest = (connection: EndpointConnection) => WireRequest;

/**
 * The instances of one part that share its work, where no balancer stands before them. One is asked, in turn; the next one
 * when nobody can have seen the request, or when it may be repeated. Instances that failed, or said that they stop, come
 * last; one that failed is looked at until it answers, so that no client's request has to find out.
 * One failure is enough where another instance is well: of an instance that hangs, the fewest requests should know.
 */
export class Instances implements Disposable {
  readonly #connections: readonly EndpointConnection[];
  readonly #mayRetry: () => boolean;
  readonly #look: () => Promise<Pick<WireRequest, 'headers' | 'body'>>;
  readonly #failed = new Set<EndpointConnection>();
  #turn = 0;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param look makes a question that any instance answers at once
   * @param mayRetry asked before somebody is asked once more who, or whose sibling, may have seen the request
   */
  constructor(
    connections: readonly EndpointConnection[],
    look: () => Promise<Pick<WireRequest, 'headers' | 'body'>>,
    mayRetry: () => boolean = () => true,
  ) {
    this.#connections = connections;
    this.#mayRetry = mayRetry;
    this.#look = look;
  }

  /** @throws NoAnswer of the last one that was asked */
  async ask(request: InstanceRequest): Promise<SubgraphResponse> {
    let failure: NoAnswer | undefined;
    for (const connection of this.#inTurn()) {
      // where nobody has seen it, the next one has no more to do for it than the first
      if (failure !== undefined && !failure.unseen && !this.#mayRetry()) break;
      const sent = request(connection);
      try {
        return await this.#askOne(connection, sent);
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error;
        failure = error;
        if (error.theirs) this.#spare(connection);
        if (sent.signal.aborted || !mayGoOn(error, sent)) break;
      }
    }
    const [only] = this.#connections;
    if (failure === undefined || only === undefined) throw new NoAnswer('it has no address', 'failed');
    if (this.#connections.length > 1) throw failure;
    return this.#askAgain(only, request, failure);
  }

  async #askOne(connection: EndpointConnection, sent: WireRequest): Promise<SubgraphResponse> {
    const answer = await connection.ask(sent);
    this.#failed.delete(connection);
    return answer;
  }

  /** A connection that broke may have been the only thing that was wrong; a peer that did not answer in time is not asked again. */
  async #askAgain(connection: EndpointConnection, request: InstanceRequest, failure: NoAnswer): Promise<SubgraphResponse> {
    if ((failure.outcome !== 'failed' && failure.outcome !== 'shed') || failure.final) throw failure;
    const { signal, timeoutMs, ...first } = request(connection);
    const pause = PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least);
    const allowed = mayGoOn(failure, first) && !signal.aborted && pause < timeoutMs && !connection.breaker.open;
    if (!allowed || !this.#mayRetry()) throw failure;
    await wait(pause, undefined, { signal }).catch(() => {});
    return this.#askOne(connection, request(connection));
  }

  #inTurn(): EndpointConnection[] {
    const first = this.#turn++ % this.#connections.length;
    const turn = [...this.#connections.slice(first), ...this.#connections.slice(0, first)];
    const well = turn.filter((connection) => !connection.leaving && !connection.breaker.open && !this.#failed.has(connection));
    return well.length === turn.length ? turn : [...well, ...turn.filter((connection) => !well.includes(connection))];
  }

  #spare(connection: EndpointConnection): void {
    if (this.#connections.length === 1) return;
    this.#failed.add(connection);
    this.#lookAgain();
  }

  #lookAgain(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#lookAtFailed();
    }, LOOK_EVERY).unref();
  }

  async #lookAtFailed(): Promise<void> {
    await Promise.allSettled(
      [...this.#failed].map(async (connection) => {
        const limit = AbortSignal.timeout(LOOK_TIMEOUT);
        await connection.ask({ ...(await this.#look()), timeoutMs: LOOK_TIMEOUT, signal: limit, repeatable: true, probe: true });
        this.#failed.delete(connection);
      }),
    );
    if (this.#failed.size > 0) this.#lookAgain();
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** Whether it may be asked once more, here or elsewhere. */
function mayGoOn({ unseen, theirs }: NoAnswer, { repeatable }: Pick<WireRequest, 'repeatable'>): boolean {
  return unseen || (theirs && repeatable);
}
