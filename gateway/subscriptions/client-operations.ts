import type { ApolloServer } from '@apollo/server';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Overload } from '../../subgraphs/kit/server/overload.js';
import { coerceVariables } from '../execution/coerce-variables.js';
import type { Admission } from '../limits/admission.js';
import type { Logger } from '../observability/logger.js';
import { LeastRecentlyUsed } from '../planning/least-recently-used.js';
import { MAX_TOKENS, refuseDeepNesting } from '../server/document-limits.js';
import type { GatewayContext } from '../server/request-context.js';
import type { Generations, Lease } from '../supergraph/generations.js';
import type { Watcher } from './live-operation.js';
import type { Subscription, SubscriptionEngine } from './subscription-engine.js';
import { type ToldFor, toldErrors } from './told-errors.js';

export interface ClientOperationsOptions {
  readonly generations: Generations;
  readonly engine: SubscriptionEngine;
  /** Apollo Server once it has a schema. */
  readonly apollo: () => ApolloServer<GatewayContext> | undefined;
  readonly admission: Admission;
  /** Turns operations away while there are too many; subscriptions that run stay. */
  readonly overload: Overload;
  /** Keeps guesses at names ("Did you mean …?") out of what is wrong with an operation. */
  readonly hideSuggestions?: boolean | undefined;
  /** Milliseconds a query or mutation may take. */
  readonly requestTimeoutMs: number;
  readonly logger: Logger;
}

/** What a client sends, whatever the transport. */
export interface ClientRequest {
  /** Absent only where only trusted documents run, which are known by their id. */
  readonly query?: string | undefined;
  readonly documentId?: string | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A subscription that was checked, or any other operation. Holds a lease: it has to be run. */
export type PreparedRequest =
  | { readonly kind: 'subscription'; readonly request: ClientRequest; readonly document: DocumentNode; readonly lease: Lease }
  | { readonly kind: 'single'; readonly request: ClientRequest; readonly isMutation: boolean };

/** How clients are connected is not known here, and how operations run is not known there. */
export class ClientOperations {
  readonly #options: ClientOperationsOptions;
  readonly #documents = new WeakMap<GraphQLSchema, LeastRecentlyUsed<string, DocumentNode>>();

  constructor(options: ClientOperationsOptions) {
    this.#options = options;
  }

  /** Checks an operation. Returns what is wrong with it, or what to run. */
  prepare(sent: ClientRequest): PreparedRequest | readonly GraphQLError[] {
    const { generations } = this.#options;
    const serving = generations.current;
    if (serving === undefined) return [new CataloguedError('GATEWAY_NOT_READY', 'the gateway has no schema yet')];
    const { apiSchema } = serving.generation;
    try {
      this.#options.overload.check();
      const request = this.#options.admission.admit(sent);
      const { query = '', operationName } = request;
      // many clients send one text
      const known = this.#known(apiSchema).get(query);
      const document = known ?? this.#parse(query);
      const operation = getOperationAST(document, operationName);
      if (operation == null) {
        throw new CataloguedError(
          'OPERATION_RESOLUTION_FAILURE',
          operationName == null ? 'name one of the operations with `operationName`' : 'no operation has that name',
        );
      }
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
        return { kind: 'single', request, isMutation: operation.operation === OperationTypeNode.MUTATION };
      if (known === undefined) {
        const faults = faultsOf(apiSchema, document, operation, request.variables ?? {}, this.#options.hideSuggestions ?? false);
        if (faults.length > 0) return faults;
        this.#known(apiSchema).set(query, document);
      }
      return { kind: 'subscription', request, document, lease: generations.lease(apiSchema) };
    } catch (error) {
      if (error instanceof CataloguedError) return [error];
      if (error instanceof GraphQLError) return [coded(error, 'GRAPHQL_PARSE_FAILED')];
      throw error;
    }
  }

  #parse(query: string): DocumentNode {
    refuseDeepNesting(query, 'document');
    return parse(query, { maxTokens: MAX_TOKENS });
  }

  #known(schema: GraphQLSchema): LeastRecentlyUsed<string, DocumentNode> {
    let documents = this.#documents.get(schema);
    if (documents === undefined) {
      documents = new LeastRecentlyUsed(1_000);
      this.#documents.set(schema, documents);
    }
    return documents;
  }

  /** Runs a query or mutation on the path that HTTP takes. Returns the result as JSON. */
  async execute({ query = '', operationName, variables }: ClientRequest, context: GatewayContext): Promise<string> {
    const { requestTimeoutMs } = this.#options;
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(requestTimeoutMs)]);
    const deadline = performance.now() + requestTimeoutMs;
    const leave = this.#options.overload.enter();
    try {
      return await this.#execute({ query, operationName, variables }, { ...context, signal, deadline });
    } finally {
      leave();
    }
  }

  async #execute({ query = '', operationName, variables }: ClientRequest, context: GatewayContext): Promise<string> {
    const { body } =
      (await this.#options
        .apollo()
        ?.executeOperation(
          { query, variables: { ...variables }, ...(operationName != null && { operationName }) },
          { contextValue: context },
        )) ?? {};
    if (body?.kind !== 'single') throw new Error('incremental delivery is not offered');
    const { data, errors, extensions } = body.singleResult;
    return JSON.stringify({
      ...(errors !== undefined && {
        errors: toldErrors(errors, this.#options.logger, { requestId: context.caller.requestId, traceparent: context.traceparent }),
      }),
      ...(data !== undefined && { data }),
      ...(extensions !== undefined && { extensions }),
    });
  }

  /** @param after the position to begin after, whatever the operation says. */
  subscribe(
    { request, document, lease }: PreparedRequest & { kind: 'subscription' },
    context: Pick<GatewayContext, 'caller' | 'clientName'>,
    watcher: Watcher,
    after?: string,
  ): Subscription {
    const { operationName, variables } = request;
    return this.#options.engine.subscribe(
      { document, operationName: operationName ?? undefined, variables: variables ?? undefined, context, lease, after },
      watcher,
    );
  }

  told(errors: readonly unknown[], of?: ToldFor): GraphQLFormattedError[] {
    return toldErrors(errors, this.#options.logger, of);
  }
}

/** What is wrong with a subscription that is not known to be valid. */
function faultsOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  hideSuggestions: boolean,
): readonly GraphQLError[] {
  try {
    return validate(schema, document, undefined, { hideSuggestions }).map((fault) => coded(fault, 'GRAPHQL_VALIDATION_FAILED'));
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    // graphql-js looks for the one root field before there are variables, and throws where @skip or @include needs one
    const outcome = coerceVariables(schema, operation, variables);
    if ('errors' in outcome) return outcome.errors;
    return [
      new GraphQLError('the root field of a subscription takes no @skip or @include with a variable', {
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      }),
    ];
  }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions } = error;
  return new GraphQLError(message, { nodes: nodes ?? null, source: source ?? null, positions: positions ?? null, extensions: { code } });
}
