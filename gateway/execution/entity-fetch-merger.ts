import { type MergedOperation, mergeOperations } from './merged-operation.js';
import { isObject, readOwn } from './own-property.js';
import type { Run } from './run.js';
import type { SubgraphError, SubgraphFetch, SubgraphResponse } from './subgraph-fetch.js';

interface Waiting {
  readonly fetch: SubgraphFetch;
  readonly answered: PromiseWithResolvers<SubgraphResponse>;
}

/** Combinations remembered of one plan; there are few, unless conditions make many. */
const REMEMBERED = 64;

/**
 * Entity fetches of one plan that become ready at the same moment and go to the same subgraph travel as one request.
 * Nothing waits for more to come: what is gathered is sent at the end of the turn of the event loop.
 * Half the requests of a nested page are saved, and with them half of what a gateway does.
 */
export class EntityFetchMerger {
  readonly #waiting = new WeakMap<Run, Map<string, Waiting[]>>();
  readonly #merged = new Map<string, MergedOperation | undefined>();

  /** Resolves with the fetch's own answer, as if it had been sent alone; rejects as {@link Run.send} does. */
  send(run: Run, fetch: SubgraphFetch): Promise<SubgraphResponse> {
    let gathered = this.#waiting.get(run);
    if (gathered === undefined) {
      gathered = new Map();
      this.#waiting.set(run, gathered);
    }
    const { subgraph, department } = fetch.target;
    const to = department === undefined ? subgraph : `${subgraph}\0${department}`;
    const waiting = { fetch, answered: Promise.withResolvers<SubgraphResponse>() };
    const beside = gathered.get(to);
    if (beside !== undefined) beside.push(waiting);
    else {
      const group = [waiting];
      gathered.set(to, group);
      const all = gathered;
      // once whatever arrived in this turn of the event loop has been taken in: the busier the loop, the more goes along
      setImmediate(() => {
        all.delete(to);
        void this.#sendGroup(run, group);
      });
    }
    return waiting.answered.promise;
  }

  async #sendGroup(run: Run, group: readonly Waiting[]): Promise<void> {
    const merged = group.length === 1 ? undefined : this.#merge(group);
    if (merged === undefined) {
      for (const one of group) sendAlone(run, one);
      return;
    }
    let response: SubgraphResponse;
    try {
      response = await run.send(mergedFetch(merged, group));
    } catch (reason) {
      for (const { answered } of group) answered.reject(reason);
      return;
    }
    // one that failed as a whole took the others with it: `_entities` can't be null. Nothing was changed by asking.
    if (!isObject(response.data)) for (const one of group) sendAlone(run, one);
    else
      for (const [index, { answered }] of group.entries())
        answered.resolve(own(response, response.data, merged.aliases[index] ?? '', index));
  }

  #merge(group: readonly Waiting[]): MergedOperation | undefined {
    const queries = group.map(({ fetch }) => fetch.query);
    const key = queries.join('\0');
    if (this.#merged.has(key)) return this.#merged.get(key);
    if (this.#merged.size >= REMEMBERED) this.#merged.clear();
    const merged = mergeOperations(queries);
    this.#merged.set(key, merged);
    return merged;
  }
}

function sendAlone(run: Run, { fetch, answered }: Waiting): void {
  run.send(fetch).then(answered.resolve, answered.reject);
}

function mergedFetch({ query, representations }: MergedOperation, group: readonly Waiting[]): SubgraphFetch {
  const [first] = group as readonly [Waiting, ...Waiting[]];
  const variables: Record<string, unknown> = {};
  for (const [index, { fetch }] of group.entries()) {
    const { representations: mine, ...others } = fetch.variables ?? {};
    Object.assign(variables, others);
    variables[representations[index] as string] = mine;
  }
  const { target, kind, operationName } = first.fetch;
  return { target, kind, query, variables, ...(operationName !== undefined && { operationName }) };
}

/** What of an answer is for one of the fetches. */
function own({ errors }: SubgraphResponse, data: object, alias: string, index: number): SubgraphResponse {
  const mine: SubgraphError[] = [];
  if (Array.isArray(errors)) {
    for (const error of errors as readonly unknown[]) {
      if (!isObject(error)) continue;
      const path = (error as SubgraphError).path;
      if (Array.isArray(path) && path[0] === alias) mine.push({ ...error, path: ['_entities', ...path.slice(1)] });
      // of no fetch in particular: told once
      else if (index === 0 && !(Array.isArray(path) && /^e\d+$/.test(String(path[0])))) mine.push({ ...error, path: undefined });
    }
  }
  return { data: { _entities: readOwn(data as Record<string, unknown>, alias) }, ...(mine.length > 0 && { errors: mine }) };
}
