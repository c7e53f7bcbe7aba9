import type { FetchNode, PlanNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { EntityFetchMerger } from './entity-fetch-merger.js';
import { compileEntityFetch } from './entity-step.js';
import type { FetchRouter } from './fetch-route.js';
import { Locators } from './locator.js';
import { compileRecognizer } from './representation.js';
import { compileRootFetch } from './root-step.js';
import { mayBeOneObject, mayShareAnswers, type PlacedFetch } from './shared-answers.js';
import type { Step } from './step.js';

/** Turns a plan into a tree of closures, once. `schema` is the supergraph's, inaccessible types included. */
export function compilePlan(plan: PlanNode, router: FetchRouter, schema: GraphQLSchema): Step {
  const fetches = [...fetchesOf(plan, [])];
  const merger = new EntityFetchMerger();
  const locators = new Locators();
  for (const { fetch, path } of fetches) {
    if (fetch.requires !== undefined)
      locators.add(path, mayBeOneObject(path, fetches) ? compileRecognizer(fetch.requires, schema) : undefined);
  }
  const mayMerge = (node: FetchNode) =>
    fetches.some(({ fetch }) => fetch !== node && fetch.requires !== undefined && fetch.serviceName === node.serviceName);

  function compile(node: PlanNode, path: ResponsePath): Step {
    switch (node.kind) {
      case 'Sequence': {
        const steps = node.nodes.map((child) => compile(child, path));
        return async (run) => {
          for (const step of steps) await step(run);
        };
      }
      case 'Parallel': {
        const steps = node.nodes.map((child) => compile(child, path));
        return async (run) => {
          await Promise.all(steps.map((step) => step(run)));
        };
      }
      case 'Flatten':
        return compile(node.node, [...path, ...node.path]);
      case 'Condition': {
        const { condition } = node;
        const [yes, no] = [node.ifClause, node.elseClause].map((clause) => clause && compile(clause, path));
        return async (run) => (run.coerced[condition] === true ? yes : no)?.(run);
      }
      case 'Fetch':
        return compileFetch(node, path);
      default:
        throw new GraphQLError('@defer is not supported.', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    }
  }

  function compileFetch(node: FetchNode, path: ResponsePath): Step {
    if (node.contextRewrites !== undefined && node.contextRewrites.length > 0) {
      throw new GraphQLError(`Arguments set from context (@fromContext) in subgraph "${node.serviceName}" are not supported.`, {
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      });
    }
    if (node.requires === undefined) return compileRootFetch(node, path, router, schema);
    if (node.variableUsages?.includes('representations')) {
      throw new GraphQLError('Rename the variable $representations: federation uses this name itself.', {
        extensions: { code: 'BAD_USER_INPUT' },
      });
    }
    const shareAnswers = mayShareAnswers(node, path, fetches);
    return compileEntityFetch(node, path, router, schema, locators.at(path), shareAnswers, mayMerge(node) ? merger : undefined);
  }

  return compile(plan, []);
}

/** Every fetch with its absolute path. */
function* fetchesOf(node: PlanNode | undefined, path: ResponsePath): Generator<PlacedFetch> {
  switch (node?.kind) {
    case 'Fetch':
      yield { fetch: node, path };
      break;
    case 'Flatten':
      yield* fetchesOf(node.node, [...path, ...node.path]);
      break;
    case 'Sequence':
    case 'Parallel':
      for (const child of node.nodes) yield* fetchesOf(child, path);
      break;
    case 'Condition':
      yield* fetchesOf(node.ifClause, path);
      yield* fetchesOf(node.elseClause, path);
      break;
  }
}
