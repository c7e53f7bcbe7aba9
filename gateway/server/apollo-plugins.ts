import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { isAccident } from '../errors/client-error.js';
import type { Logger } from '../observability/logger.js';
import { type GatewayContext, tracedBy } from './request-context.js';

/** Logs with its request id what clients are shown only a neutral message of. */
export function reportAccidents(logger: Logger): ApolloServerPlugin<GatewayContext> {
  const report = (error: unknown, { caller: { requestId }, traceparent }: GatewayContext) => {
    if (isAccident(error)) logger.error({ err: error, requestId, ...tracedBy(traceparent) }, 'unexpected error');
  };
  return {
    unexpectedErrorProcessingRequest: async ({ error, requestContext }) => report(error, requestContext.contextValue),
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        for (const error of errors) report(error, contextValue);
      },
    }),
  };
}

/** Over HTTP one response is given; a subscription has many. */
export const refuseSubscriptions: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation }) => {
      if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
      throw new CataloguedError('BAD_REQUEST', 'subscriptions are served over a graphql-transport-ws socket at this address', {
        http: { status: 400 },
      });
    },
  }),
};

/** Faults of a document or its variables, found before anything was executed. */
const REQUEST_FAULTS: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * GraphQL over HTTP, 6.4.1: a client that asks for application/json reads the body only of a 200, so a well-formed
 * request with a faulty document is answered with 200. Clients that name no media type get the telling 400.
 */
export const legacyStatus: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { http, body }, contextValue }) => {
      if (contextValue.legacyStatus !== true || http.status !== 400 || body.kind !== 'single') return;
      if (body.singleResult.errors?.every(({ extensions }) => REQUEST_FAULTS.has(extensions?.['code']))) http.status = 200;
    },
  }),
};
