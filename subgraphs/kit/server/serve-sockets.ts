import type { Server } from 'node:http';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
} from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { AuditEntry } from '../audit/audit-entry.js';
import { outcomeOf } from '../audit/audited-mutations.js';
import { recordRefusals } from '../audit/audited-refusals.js';
import { CataloguedError } from '../errors/catalogued-error.js';
import { neutralError } from '../errors/neutral-error.js';
import type { Caller } from '../identity/caller.js';
import type { InternalTokenVerifier } from '../identity/internal-tokens.js';
import type { Evidence } from './evidence.js';

export interface SocketOptions {
  name: string;
  server: Server;
  schema: GraphQLSchema;
  context: (caller: Caller) => unknown;
  verifier: InternalTokenVerifier;
  report: (error: unknown) => void;
  evidence?: Evidence | undefined;
}

/** The close code for a connection without a valid internal token, as graphql-transport-ws names it. */
const FORBIDDEN = 4403;

/** Serves a schema over graphql-transport-ws. The internal token comes in `connection_init` as `authorization`. */
export function serveSockets({ name, server, schema, context, verifier, report, evidence }: SocketOptions): {
  dispose: () => Promise<void>;
  /** How many are open. */
  readonly open: number;
} {
  const callers = new WeakMap<object, Caller>();
  const told = (errors: readonly GraphQLError[]): GraphQLError[] => errors.map((error) => toldError(error, report));
  const listening = new WebSocketServer({ server, path: '/graphql', maxPayload: 1024 * 1024 });
  const sockets = useServer<{ authorization?: string }, { socket: object; request: { headers: Record<string, unknown> } }>(
    {
      schema,
      async onConnect({ connectionParams, extra }) {
        try {
          callers.set(extra.socket, await verifier.verify(connectionParams?.authorization, name));
          return true;
        } catch (error) {
          await evidence?.audit.record(refusedConnection(evidence.clock(), error)).catch(report);
          (extra.socket as unknown as { close(code: number, reason: string): void }).close(FORBIDDEN, 'Forbidden');
          return false;
        }
      },
      context: ({ extra }) => ({ caller: callers.get(extra.socket) as Caller }),
      // over sockets come subscriptions; whatever else has a context of requests, and is recorded there
      onSubscribe: (_context, _id, { query }) => (isSubscription(query) ? undefined : [onlySubscriptions()]),
      async subscribe(args) {
        const begun = await subscribeAfresh(args, context, told);
        if (evidence !== undefined && 'errors' in begun && begun.errors !== undefined) {
          const { caller } = args.contextValue as { caller: Caller };
          await recordRefusals({ caller, sink: evidence.audit, clock: evidence.clock }, begun.errors, operationOf(args)).catch(report);
        }
        return begun;
      },
      onError: (_context, _id, _payload, errors) => told(errors).map((error) => error.toJSON()),
    },
    listening,
  );
  return {
    dispose: async () => void (await sockets.dispose()),
    get open() {
      return listening.clients.size;
    },
  };
}

function refusedConnection(at: Date, error: unknown): AuditEntry {
  return { at, subject: null, roles: '', action: 'connection', object: '', outcome: outcomeOf(error), requestId: 'unknown', count: 1 };
}

function isSubscription(query: string): boolean {
  try {
    return parse(query).definitions.every(
      (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.operation === OperationTypeNode.SUBSCRIPTION,
    );
  } catch {
    // graphql-ws says better what is wrong with it
    return true;
  }
}

function onlySubscriptions(): GraphQLError {
  return new CataloguedError('BAD_REQUEST', 'send queries and mutations over HTTP');
}

function operationOf({ document, operationName }: ExecutionArgs): OperationDefinitionNode | undefined {
  return getOperationAST(document, operationName) ?? undefined;
}

/** Runs each event in a context of its own: what one event loaded must not answer for the next. */
async function subscribeAfresh(
  args: ExecutionArgs,
  context: (caller: Caller) => unknown,
  told: (errors: readonly GraphQLError[]) => GraphQLError[],
) {
  const { caller } = args.contextValue as { caller: Caller };
  const source = await createSourceEventStream({ ...args, contextValue: context(caller) });
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const complete = async (event: unknown): Promise<ExecutionResult> => {
    const result = await execute({ ...args, rootValue: event, contextValue: context(caller) });
    return result.errors === undefined ? result : { ...result, errors: told(result.errors) };
  };
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next(): Promise<IteratorResult<ExecutionResult>> {
      const step = await events.next();
      return step.done === true ? { value: undefined, done: true } : { value: await complete(step.value), done: false };
    },
    // straight to the source, even while a value is awaited
    async return(): Promise<IteratorResult<ExecutionResult>> {
      await events.return?.();
      return { value: undefined, done: true };
    },
  };
}

function toldError(error: GraphQLError, report: (error: unknown) => void): GraphQLError {
  const { message, path, extensions } = neutralError(error.toJSON(), error, report);
  return new GraphQLError(message, { ...(path && { path }), ...(extensions && { extensions }) });
}
