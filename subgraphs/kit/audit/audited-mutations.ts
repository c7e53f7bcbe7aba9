import { OptimisticLockError } from '@mikro-orm/core';
import { defaultFieldResolver, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Caller } from '../identity/caller.js';
import { type AuditSink, auditCaller, auditObject } from './audit-entry.js';

/** Who does what a resolver is called for, and where that is recorded. */
export interface AuditedRequest {
  readonly caller: Caller;
  readonly sink: AuditSink;
  readonly clock: () => Date;
}

const AUDITED = new WeakSet<GraphQLSchema>();

/**
 * Has every mutation of a schema recorded: before it begins, so that nothing happens unrecorded whatever dies when, and
 * with its outcome before it is answered. What can't be recorded does not happen.
 * @param requestOf finds the request by the resolvers' context; undefined where nothing is recorded
 */
export function auditMutations(schema: GraphQLSchema, requestOf: (context: object) => AuditedRequest | undefined): void {
  // schemas are built once and may be served twice
  if (AUDITED.has(schema)) return;
  AUDITED.add(schema);
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = async (source, args, context, info) => {
      const request = requestOf(context as object);
      if (request === undefined) return resolve(source, args, context, info);
      const { caller, sink, clock } = request;
      const record = (outcome: string, result?: unknown) =>
        sink.record({ ...auditCaller(caller), at: clock(), action: field.name, object: auditObject(args, result), outcome, count: 1 });
      await record('BEGUN');
      let result: unknown;
      try {
        result = await resolve(source, args, context, info);
      } catch (error) {
        await record(outcomeOf(error));
        throw error;
      }
      await record('OK', result);
      return result;
    };
  }
}

/** The code a client is told. */
export function outcomeOf(error: unknown): string {
  if (error instanceof OptimisticLockError) return 'CONFLICT';
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : 'INTERNAL_SERVER_ERROR';
}
