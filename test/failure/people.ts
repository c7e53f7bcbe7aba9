import { GraphAnswerError, type GraphClient } from '../../gateway/main/demo/graph-client.js';
import type { Graph } from '../support/graph.js';

/** Milliseconds after which whoever stands before the gateways gives up on one, and for which it is then spared. */
const PATIENCE = 10_000;
const SPARED = 10_000;

/** A request that brought no GraphQL answer, as a code beside those of the graph. */
const NO_ANSWER = 'NO_ANSWER';

/**
 * Several gateways as they look through a balancer such as nginx: in turn, the next one when no connection is made or one
 * says that it is not ready, and one that did not answer is spared for a while. Nothing else is tried twice.
 */
export class Gateways {
  readonly #sparedUntil = new Map<Graph, number>();
  #turn = 0;

  constructor(readonly graphs: readonly Graph[]) {}

  person(role: string): Person {
    return new Person(this, role);
  }

  /** @returns the answer's body @throws GraphAnswerError NO_ANSWER */
  async send(operation: string, role: string, body: string): Promise<unknown> {
    const token = await (this.graphs[0] as Graph).token(role);
    let failure: unknown;
    for (const graph of this.#inTurn()) {
      try {
        const response = await fetch(graph.url(), {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body,
          signal: AbortSignal.timeout(PATIENCE),
        });
        if (response.status === 503 && graph !== this.graphs.at(-1)) {
          failure = new Error('503');
          continue;
        }
        return await response.json();
      } catch (error) {
        failure = error;
        this.#sparedUntil.set(graph, performance.now() + SPARED);
        if (reasonOf(error) !== 'ECONNREFUSED') break;
      }
    }
    throw new GraphAnswerError(operation, [{ message: reasonOf(failure), code: NO_ANSWER }]);
  }

  #inTurn(): Graph[] {
    const first = this.#turn++ % this.graphs.length;
    const turn = [...this.graphs.slice(first), ...this.graphs.slice(0, first)];
    const spared = turn.filter((graph) => performance.now() < (this.#sparedUntil.get(graph) ?? 0));
    return [...turn.filter((graph) => !spared.includes(graph)), ...spared];
  }
}

/** Somebody at work. */
export class Person implements GraphClient {
  readonly url = '';
  readonly token = '';

  constructor(
    readonly gateways: Gateways,
    readonly role: string,
  ) {}

  /** @throws GraphAnswerError with the answer's codes, or NO_ANSWER */
  async ask<T>(operation: string, query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await this.read(operation, query, variables);
    if (errors.length === 0 && data != null) return data as T;
    throw new GraphAnswerError(operation, errors);
  }

  /** The answer as it is, errors beside data. @throws GraphAnswerError NO_ANSWER */
  async read(
    operation: string,
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<{ data?: unknown; errors: { message: string; code: string }[] }> {
    const answer = (await this.gateways.send(operation, this.role, JSON.stringify({ query, variables }))) as {
      data?: unknown;
      errors?: { message: string; extensions?: { code?: string } }[];
    };
    const errors = (answer.errors ?? []).map(({ message, extensions }) => ({ message, code: extensions?.code ?? 'UNKNOWN' }));
    return { data: answer.data, errors };
  }
}

function reasonOf(error: unknown): string {
  const { code, name } = ((error as Error).cause ?? error) as { code?: string; name?: string };
  return code ?? name ?? 'unknown';
}
