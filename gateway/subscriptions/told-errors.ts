import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { clientError, isAccident } from '../errors/client-error.js';
import type { Logger } from '../observability/logger.js';
import { tracedBy } from '../server/request-context.js';

/** What the errors are of, for the log. */
export interface ToldFor {
  readonly requestId?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** What a client is told of errors; accidents neutrally, and into the log. */
export function toldErrors(errors: readonly unknown[], logger: Logger, { requestId, traceparent }: ToldFor = {}): GraphQLFormattedError[] {
  return errors.map((error) => {
    // an error a subgraph answered with, or one that Apollo Server has formatted: plain data already
    if (!(error instanceof Error)) return clientError(error as GraphQLFormattedError, new GraphQLError(''));
    if (isAccident(error)) logger.error({ err: error, requestId, ...tracedBy(traceparent) }, 'unexpected error');
    return clientError(error instanceof GraphQLError ? error.toJSON() : { message: error.message }, error);
  });
}
