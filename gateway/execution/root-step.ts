import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { errorsOf, malformedError, reportedError } from './errors.js';
import type { FetchRouter, RootRequest } from './fetch-route.js';
import { copyJson, merge } from './merge.js';
import { isObject, type JsonObject } from './own-property.js';
import { objectsAt, type Path, placesAt } from './places.js';
import { compileRewrites } from './rewrites.js';
import type { Run } from './run.js';
import type { Step } from './step.js';
import type { SubgraphResponse } from './subgraph-fetch.js';

/** A fetch of root fields. Its answer belongs to the response's root, or to every object at `path` (a field that leads back to Query). */
export function compileRootFetch(node: FetchNode, path: ResponsePath, router: FetchRouter, schema: GraphQLSchema): Step {
  const route = router.root(node);
  const takeIn = compileRootAnswer(node, path, schema);
  const placed = (run: Run, within: Path): Path => [...(placesAt(run.data, path)[0]?.path ?? []), ...within];

  async function ask(run: Run, request: RootRequest): Promise<void> {
    const response = await run.ask(request.fetch, () => placed(run, [request.firstField()]));
    if (response !== undefined) takeIn(run, request, response);
  }

  return async (run) => {
    if (path.length > 0 && objectsAt([run.data], path, run.shares).length === 0) return;
    const { stages, refused } = route(run);
    for (const { message, path: within, extensions } of refused) {
      run.reportOnce(new GraphQLError(message, { path: placed(run, within ?? []), extensions }));
    }
    for (const requests of stages) await Promise.all(requests.map((request) => ask(run, request)));
  };
}

/** What happens with the answer to a root fetch, however it came: by asking, or as a subscription's event. */
export function compileRootAnswer(
  node: FetchNode,
  path: ResponsePath,
  schema: GraphQLSchema,
): (run: Run, request: RootRequest, response: SubgraphResponse) => void {
  const rewrite = compileRewrites(node.outputRewrites, schema);
  return (run, { fetch, firstField }, response) => {
    const { data } = response;
    const placed = (within: Path): Path => (path.length === 0 ? within : [...(placesAt(run.data, path)[0]?.path ?? []), ...within]);
    for (const error of errorsOf(response)) run.errors.push(reportedError(error, fetch.target, error.path && placed(error.path)));
    if (data === undefined || data === null) return;
    if (!isObject(data)) {
      run.errors.push(malformedError(fetch.target, '`data` is no object', placed([firstField()])));
      return;
    }
    rewrite?.(data);
    const objects: readonly JsonObject[] = path.length === 0 ? [run.data] : objectsAt([run.data], path, run.shares);
    // merging takes the answer over, so every object but the last gets a copy
    run.found.clear();
    objects.forEach((object, index) => merge(object, index === objects.length - 1 ? data : copyJson(data)));
  };
}
