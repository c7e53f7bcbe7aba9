import { composeServices } from '@apollo/composition';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource, type ServiceMap } from '@apollo/gateway';
import { QueryPlanner } from '@apollo/query-planner';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, type ExecutionResult, execute, type GraphQLResolveInfo, type GraphQLSchema, parse } from 'graphql';
import type { OperationResult, SubgraphFetch, SubgraphFetcher, SubgraphResponse } from '../../../gateway/execution/subgraph-fetch.js';
import { Generation } from '../../../gateway/supergraph/generation.js';
import type { DepartmentRoute } from '../../../schema/composition/supergraph-document.js';

export type Resolver = (source: any, args: any, context: any, info: GraphQLResolveInfo) => unknown;
export type Resolvers = Record<string, Record<string, Resolver>>;

export interface InProcessSubgraph {
  name: string;
  sdl: string;
  resolvers?: Resolvers;
}

/** Composes subgraphs, or fails with why they don't. */
export function composeSdl(subgraphs: readonly InProcessSubgraph[]): string {
  const { errors, supergraphSdl } = composeServices(
    subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}.test`, typeDefs: parse(sdl) })),
  );
  if (supergraphSdl === undefined) throw new Error((errors ?? []).map(({ message }) => message).join('\n'));
  return supergraphSdl;
}

/** Answers a fetch by executing it in this process, and as JSON would arrive. */
export function answer(
  schema: GraphQLSchema,
  fetch: Pick<SubgraphFetch, 'query' | 'variables' | 'operationName'>,
  contextValue?: unknown,
): Promise<SubgraphResponse> {
  return Promise.resolve(
    execute({ schema, document: parse(fetch.query), variableValues: fetch.variables, operationName: fetch.operationName, contextValue }),
  ).then((result) => JSON.parse(JSON.stringify(result)) as SubgraphResponse);
}

export class InProcessGraph {
  readonly generation: Generation;
  readonly schemas: ReadonlyMap<string, GraphQLSchema>;
  readonly #supergraph: Supergraph;
  readonly #planner: QueryPlanner;
  readonly #supergraphSchema: GraphQLSchema;

  constructor(subgraphs: readonly InProcessSubgraph[], departments: DepartmentRoute[] = []) {
    const sdl = composeSdl(subgraphs);
    this.generation = Generation.build({ version: '1', sdl, departments });
    this.schemas = new Map(
      subgraphs.map(({ name, sdl: text, resolvers = {} }) => [
        name,
        buildSubgraphSchema([{ typeDefs: parse(text), resolvers: resolvers as never }]),
      ]),
    );
    this.#supergraph = Supergraph.buildForTests(sdl);
    this.#planner = new QueryPlanner(this.#supergraph);
    this.#supergraphSchema = this.#supergraph.schema.toGraphQLJSSchema();
  }

  readonly fetcher: SubgraphFetcher<unknown> = (fetch, context) => {
    const schema = this.schemas.get(fetch.target.subgraph);
    if (schema === undefined) throw new Error(`no subgraph ${fetch.target.subgraph}`);
    return answer(schema, fetch, context);
  };

  run(
    document: DocumentNode,
    variables: Record<string, unknown> = {},
    fetcher: SubgraphFetcher<unknown> = this.fetcher,
  ): Promise<OperationResult> {
    return this.generation.execute({ document, variables, context: undefined, fetcher });
  }

  /** What @apollo/gateway answers over the same subgraphs. */
  async oracle(
    document: DocumentNode,
    variables: Record<string, unknown> = {},
    fetcher: SubgraphFetcher<unknown> = this.fetcher,
  ): Promise<ExecutionResult> {
    const services: ServiceMap = {};
    for (const name of this.schemas.keys()) {
      const source: GraphQLDataSource = {
        process: async ({ request }) =>
          (await fetcher(
            {
              target: { subgraph: name },
              query: request.query ?? '',
              variables: request.variables ?? {},
              kind: 'query',
              ...(request.operationName && { operationName: request.operationName }),
            },
            undefined,
          )) as never,
      };
      services[name] = source;
    }
    const apiSchema = this.#supergraph.apiSchema();
    const plan = this.#planner.buildQueryPlan(operationFromDocument(apiSchema, document));
    const context = buildOperationContext({ schema: this.generation.apiSchema, operationDocument: document });
    const request = { request: { variables }, document, metrics: {}, cache: undefined, logger: console } as never;
    return (await executeQueryPlan(plan, services, request, context, this.#supergraphSchema, apiSchema)) as ExecutionResult;
  }
}
