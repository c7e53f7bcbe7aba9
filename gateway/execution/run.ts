import type { GraphQLError } from 'graphql';
import { unavailableError } from './errors.js';
import type { Locator } from './locator.js';
import type { JsonObject } from './own-property.js';
import type { Path } from './places.js';
import type { FetchTarget, SubgraphFetch, SubgraphResponse } from './subgraph-fetch.js';

/** One execution of one plan: what its steps read and write. */
export class Run {
  /** What is known so far, by the response names of the fetches. */
  readonly data: JsonObject = {};
  readonly errors: GraphQLError[] = [];
  /** Whether objects of `data` are at several places, because they stand for the same entity. */
  shares = false;
  /** Objects at paths of the plan, as long as nothing was merged above them. */
  readonly found = new Map<Locator, readonly JsonObject[]>();
  /** As the client sent them, for subgraphs. */
  readonly variables: Readonly<JsonObject>;
  /** With defaults filled in, for the gateway's own decisions. */
  readonly coerced: Readonly<JsonObject>;
  /** Asks a subgraph. */
  readonly send: (fetch: SubgraphFetch) => Promise<SubgraphResponse>;
  readonly #unavailable = new Set<string>();
  readonly #reported = new Set<string>();

  constructor(variables: Readonly<JsonObject>, coerced: Readonly<JsonObject>, send: (fetch: SubgraphFetch) => Promise<SubgraphResponse>) {
    this.variables = variables;
    this.coerced = coerced;
    this.send = send;
  }

  /** Asks; without an answer, reports it at `place` and resolves to undefined. */
  async ask(fetch: SubgraphFetch, place: () => Path, send = this.send): Promise<SubgraphResponse | undefined> {
    try {
      return await send(fetch);
    } catch (reason) {
      this.#reportUnavailable(reason, fetch.target, place());
      return undefined;
    }
  }

  /** For what every step over the same rows would find out again: one error per place and message. */
  reportOnce(error: GraphQLError): void {
    const key = JSON.stringify([error.path, error.message]);
    if (this.#reported.has(key)) return;
    this.#reported.add(key);
    this.errors.push(error);
  }

  /** A department that is down is told once per response, however many of its rows and fields are missing. */
  #reportUnavailable(reason: unknown, target: FetchTarget, path: Path): void {
    const error = unavailableError(reason, target, path);
    if (target.department !== undefined && error.extensions['code'] === 'DEPARTMENT_UNAVAILABLE') {
      if (this.#unavailable.has(target.department)) return;
      this.#unavailable.add(target.department);
    }
    this.errors.push(error);
  }
}
