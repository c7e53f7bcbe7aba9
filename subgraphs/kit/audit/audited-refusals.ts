import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { auditCaller } from './audit-entry.js';
import type { AuditedRequest } from './audited-mutations.js';

/** Codes that say "not you", as against "not so". */
const REFUSALS: ReadonlySet<unknown> = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'INTERNAL_TOKEN_REJECTED',
  'UNKNOWN_DEPARTMENT',
  'SIGNATURE_REQUIRED',
  'SIGNATURE_REJECTED',
]);

/**
 * Records each query that is refused, once per code. (What mutations end with is recorded with them.) It stays refused, for
 * the same reason, where that can't be recorded.
 */
export function auditRefusals<TContext extends BaseContext>(
  requestOf: (context: object) => AuditedRequest | undefined,
  report: (error: unknown) => void,
): ApolloServerPlugin<TContext> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ contextValue, operation, response: { body }, errors }) {
        const request = requestOf(contextValue);
        // errors of fields come in the body, those before execution beside it
        const found = body.kind === 'single' ? (body.singleResult.errors ?? errors) : errors;
        if (
          request === undefined ||
          found === undefined ||
          (operation?.operation === OperationTypeNode.MUTATION && body.kind === 'single' && 'data' in body.singleResult)
        )
          return;
        await recordRefusals(request, found, operation ?? undefined).catch(report);
      },
    }),
  };
}

export async function recordRefusals(
  { caller, sink, clock }: AuditedRequest,
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[],
  operation: OperationDefinitionNode | undefined,
): Promise<void> {
  const codes = new Set(errors.map(({ extensions }) => extensions?.['code']).filter((code) => REFUSALS.has(code)));
  for (const outcome of codes) {
    await sink.record({
      ...auditCaller(caller),
      at: clock(),
      action: rootFields(operation),
      object: '',
      outcome: String(outcome),
      count: 1,
    });
  }
}

/** Names of the schema, never a client's aliases. */
function rootFields(operation: OperationDefinitionNode | undefined): string {
  const fields = operation?.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
  return [...new Set(fields)].join(' ').slice(0, 120);
}
