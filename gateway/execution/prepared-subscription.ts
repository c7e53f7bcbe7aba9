import type { SubscriptionNode } from '@apollo/query-planner';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { compilePlan } from './compile-plan.js';
import type { FetchRouter, RootRequest, RootRoute } from './fetch-route.js';
import { compileRootAnswer } from './root-step.js';
import type { Run } from './run.js';
import type { Step } from './step.js';
import type { SubgraphResponse } from './subgraph-fetch.js';

/** A planned subscription: one subgraph streams, the others complete each event. */
export class PreparedSubscription {
  readonly asksMore: boolean;
  readonly #route: RootRoute;
  readonly #takeIn: (run: Run, request: RootRequest, event: SubgraphResponse) => void;
  readonly #rest: Step | undefined;

  constructor({ primary, rest }: SubscriptionNode, schema: GraphQLSchema, router: FetchRouter) {
    this.#route = router.root(primary);
    this.#takeIn = compileRootAnswer(primary, [], schema);
    this.#rest = rest && compilePlan(rest, router, schema);
    this.asksMore = rest !== undefined;
  }

  /** What to subscribe to. @throws GraphQLError when nobody can be asked. */
  primary(run: Run): RootRequest {
    const { stages, refused } = this.#route(run);
    const [request, ...others] = stages.flat();
    if (refused[0] !== undefined) throw refused[0];
    if (request === undefined || others.length > 0) {
      throw new GraphQLError('A subscription selects exactly one field.', { extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } });
    }
    return request;
  }

  async complete(run: Run, request: RootRequest, event: SubgraphResponse): Promise<void> {
    this.#takeIn(run, request, event);
    await this.#rest?.(run);
  }
}
