import type { GraphQLError } from 'graphql';
import { parse } from 'graphql';
import { type AuthorizationTable, grantsOf, type PolicyHook } from '../../../gateway/authorization/grants.js';
import type { OperationResult, SubgraphFetcher } from '../../../gateway/execution/subgraph-fetch.js';
import { Generation } from '../../../gateway/supergraph/generation.js';
import { composeSdl, InProcessGraph, type InProcessSubgraph } from '../execution/in-process-graph.js';

export const link = (...imports: string[]) =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", ${imports
    .map((name) => JSON.stringify(name))
    .join(', ')}])\n`;

/** Somebody who asks. */
export interface Asking {
  readonly subject?: string;
  readonly roles?: readonly string[];
  readonly scopes?: readonly string[];
  readonly table?: AuthorizationTable;
  readonly hook?: PolicyHook;
}

export interface Told {
  readonly data: OperationResult['data'];
  readonly errors: readonly { readonly path: readonly (string | number)[] | undefined; readonly code: unknown }[];
  /** What each subgraph was asked, in order. */
  readonly asked: readonly string[];
}

export const grantsFor = ({ subject = 'somebody', roles = [], scopes = [], table, hook }: Asking) =>
  grantsOf({ subject, roles, scopes }, table, hook);

/** A graph in this process that counts what subgraphs are asked. */
export class GuardedGraph {
  readonly graph: InProcessGraph;
  readonly #generation: Generation;

  constructor(subgraphs: readonly InProcessSubgraph[], rejectUnauthorized = false) {
    this.graph = new InProcessGraph(subgraphs);
    this.#generation = rejectUnauthorized
      ? Generation.build({ version: '1', sdl: composeSdl(subgraphs), departments: [] }, { rejectUnauthorized })
      : this.graph.generation;
  }

  /** @param who undefined: nobody. */
  async ask(query: string, who: Asking | undefined, variables: Record<string, unknown> = {}): Promise<Told> {
    const asked: string[] = [];
    const fetcher: SubgraphFetcher<unknown> = (fetch, context) => {
      asked.push(fetch.target.subgraph);
      return this.graph.fetcher(fetch, context);
    };
    const grants = grantsFor(who ?? { subject: 'anonymous' });
    const { data, errors = [] } = await this.#generation.execute({
      document: parse(query),
      variables,
      grants,
      context: undefined,
      fetcher,
    });
    return {
      data: JSON.parse(JSON.stringify(data ?? null)) as Told['data'],
      errors: errors.map(({ path, extensions }: GraphQLError) => ({ path, code: extensions['code'] })),
      asked,
    };
  }
}

export const unauthorized = (...paths: string[][]) => paths.map((path) => ({ path, code: 'UNAUTHORIZED_FIELD_OR_TYPE' }));
