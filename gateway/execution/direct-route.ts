import type { FetchNode } from '@apollo/query-planner';
import type { EntityRoute, FetchRouter, RootRoute } from './fetch-route.js';
import { pickVariables } from './fetch-variables.js';
import { isAsked, type ParsedFetch, parseFetch } from './root-fields.js';
import type { Run } from './run.js';
import type { FetchTarget, SubgraphFetch } from './subgraph-fetch.js';

/** Every fetch goes to the subgraph it names, as it is. */
export const directRouter = {
  root: (node: FetchNode, target: FetchTarget = { subgraph: node.serviceName }): RootRoute => {
    // parsed only when a request fails: most never do
    let parsed: ParsedFetch | undefined;
    return (run) => ({
      refused: [],
      stages: [
        [
          {
            fetch: wholeFetch(node, target, run),
            firstField: () => {
              parsed ??= parseFetch(node.operation);
              return (parsed.fields.find((field) => isAsked(field, run.coerced)) ?? parsed.fields[0])?.responseName ?? '';
            },
          },
        ],
      ],
    });
  },
  entities: (node: FetchNode): EntityRoute => {
    const target = { subgraph: node.serviceName };
    return () => target;
  },
} satisfies FetchRouter;

/** The fetch exactly as planned. */
export function wholeFetch(node: FetchNode, target: FetchTarget, run: Pick<Run, 'variables'>): SubgraphFetch {
  return {
    target,
    query: node.operation,
    kind: node.operationKind,
    ...(node.operationName !== undefined && { operationName: node.operationName }),
    ...(node.variableUsages?.length && { variables: pickVariables(node.variableUsages, run.variables) }),
  };
}
