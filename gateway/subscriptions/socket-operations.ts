import type { ApolloServer } from '@apollo/server';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type FormattedExecutionResult,
  GraphQLError,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import type { ExecutionResult as SentResult, SubscribePayload } from 'graphql-ws';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Logger } from '../observability/logger.js';
import { MAX_TOKENS, refuseDeepNesting } from '../server/document-limits.js';
import { type GatewayContext, requestIdOf, traceparentOf } from '../server/request-context.js';
import type { Generations, Lease } from '../supergraph/generations.js';
import type { Connection } from './socket-server.js';
import type { SubscriptionEngine } from './subscription-engine.js';
import { toldErrors } from './told-errors.js';

export interface SocketOperationsOptions {
  readonly generations: Generations;
  readonly engine: SubscriptionEngine;
  /** Apollo Server once it has a schema. */
  readonly apollo: () => ApolloServer<GatewayContext> | undefined;
  /** Milliseconds a query or mutation may take. */
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
}

/** One operation of a client on a socket, between being checked and being run. */
interface PreparedOperation {
  readonly query: string;
  readonly context: GatewayContext;
  /** Held for a subscription from the check to its end; queries take theirs in Apollo Server. */
  readonly lease: Lease | undefined;
}

/** Runs what clients send over sockets: queries and mutations on the path that HTTP takes, subscriptions in the engine. */
export class SocketOperations {
  readonly #options: SocketOperationsOptions;

  constructor(options: SocketOperationsOptions) {
    this.#options = options;
  }

  /** Checks an operation. Returns what is wrong with it, or what to run. */
  prepare(connection: Connection, { query, operationName, variables }: SubscribePayload): ExecutionArgs | readonly GraphQLError[] {
    const { generations } = this.#options;
    const serving = generations.current;
    if (serving === undefined) return [new CataloguedError('GATEWAY_NOT_READY', 'the gateway has no schema yet')];
    const { apiSchema } = serving.generation;
    try {
      refuseDeepNesting(query, 'document');
      refuseDeepNesting(JSON.stringify(variables ?? null), 'body');
      const document = parse(query, { maxTokens: MAX_TOKENS });
      const operation = getOperationAST(document, operationName);
      if (operation == null) {
        throw new CataloguedError(
          'OPERATION_RESOLUTION_FAILURE',
          operationName == null ? 'name one of the operations with `operationName`' : 'no operation has that name',
        );
      }
      let lease: Lease | undefined;
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
        const faults = validate(apiSchema, document);
        if (faults.length > 0) return faults.map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED'));
        lease = generations.lease(apiSchema);
      }
      const contextValue: PreparedOperation = { query, context: contextOf(connection), lease };
      return { schema: apiSchema, document, operationName: operationName ?? null, variableValues: variables ?? {}, contextValue };
    } catch (error) {
      if (error instanceof CataloguedError) return [error];
      if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  }

  async execute({ operationName, variableValues, contextValue }: ExecutionArgs): Promise<ExecutionResult> {
    const { query, context } = contextValue as PreparedOperation;
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(this.#options.requestTimeoutMs)]);
    const { body } =
      (await this.#options
        .apollo()
        ?.executeOperation(
          { query, variables: { ...variableValues }, ...(operationName != null && { operationName }) },
          { contextValue: { ...context, signal } },
        )) ?? {};
    if (body?.kind !== 'single') throw new Error('incremental delivery is not offered');
    return body.singleResult as unknown as ExecutionResult;
  }

  async subscribe({
    document,
    operationName,
    variableValues,
    contextValue,
  }: ExecutionArgs): Promise<AsyncIterableIterator<ExecutionResult>> {
    const { context, lease } = contextValue as PreparedOperation;
    try {
      return (await this.#options.engine.subscribe({
        document,
        operationName: operationName ?? undefined,
        variables: variableValues ?? undefined,
        context,
        lease: lease as Lease,
      })) as AsyncIterableIterator<ExecutionResult>;
    } catch (error) {
      return failedStream(error);
    }
  }

  /** A result as it goes out. */
  shape(contextValue: unknown, { data, errors, extensions }: SentResult): FormattedExecutionResult {
    const { context } = contextValue as PreparedOperation;
    return {
      ...(errors !== undefined && {
        errors: toldErrors(errors, this.#options.logger, context.caller.requestId),
      }),
      ...(data !== undefined && { data }),
      ...(extensions !== undefined && { extensions }),
    };
  }
}

function contextOf({ request, closed, identity }: Connection): GatewayContext {
  if (identity === undefined) throw new Error('an operation before its connection was acknowledged');
  // every operation of a connection is a request of its own in the logs
  const { 'x-request-id': _connectionId, ...headers } = request.headers;
  return { caller: { ...identity.caller, requestId: requestIdOf(headers) }, signal: closed, traceparent: traceparentOf(headers) };
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, extensions: { code } });
}

/** A stream that is nothing but an error: graphql-transport-ws tells it as the operation's `error`. */
function failedStream(error: unknown): AsyncIterableIterator<ExecutionResult> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: async () => {
      throw error;
    },
    return: async () => ({ value: undefined, done: true }),
  };
}
