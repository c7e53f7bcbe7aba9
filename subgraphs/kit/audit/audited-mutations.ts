import { OptimisticLockError } from '@mikro-orm/core';
import { defaultFieldResolver, GraphQLError, type GraphQLSchema } from 'graphql';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { Caller } from '../identity/caller.js';
import { type AuditSink, auditCaller, auditObject } from './audit-entry.js';

/** Who does what a resolver is called for, and where that is recorded. */
export interface AuditedRequest {
  readonly caller: Caller;
  readonly sink: AuditSink;
  readonly clock: () => Date;
}

const AUDITED = new WeakSet<GraphQLSchema>();

/** Milliseconds for which a mutation waits for its record: a store that hangs must not hold it for ever. */
const PATIENCE = 5_000;

/**
 * Has every mutation of a schema recorded: before it begins, so that nothing happens unrecorded whatever dies when, and
 * with its outcome before it is answered. What can't be recorded, or not in time, does not happen: it is refused as
 * STORE_UNAVAILABLE. What has happened is told as it is, though its outcome can't be recorded any more: whoever were told of a
 * failure would do it a second time. There is then a record that it began and none of how it ended, which the audit's counter
 * of failures and its alert tell of.
 * @param requestOf finds the request by the resolvers' context; undefined where nothing is recorded
 */
export function auditMutations(
  schema: GraphQLSchema,
  requestOf: (context: object) => AuditedRequest | undefined,
  patience = PATIENCE,
): void {
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
        inTime(
          sink.record({ ...auditCaller(caller), at: clock(), action: field.name, object: auditObject(args, result), outcome, count: 1 }),
          patience,
        );
      await record('BEGUN');
      let result: unknown;
      try {
        result = await resolve(source, args, context, info);
      } catch (error) {
        await record(outcomeOf(error)).catch(() => {});
        throw error;
      }
      await record('OK', result).catch(() => {});
      return result;
    };
  }
}

/** @throws CataloguedError STORE_UNAVAILABLE when it takes longer */
async function inTime(recorded: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new CataloguedError('STORE_UNAVAILABLE', 'the audit does not answer at the moment; nothing was changed, try again later'),
      ),
    ms,
  );
  try {
    await Promise.race([recorded, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The code a client is told. */
export function outcomeOf(error: unknown): string {
  if (error instanceof OptimisticLockError) return 'CONFLICT';
  const code = error instanceof GraphQLError ? error.extensions['code'] : undefined;
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : 'INTERNAL_SERVER_ERROR';
}
