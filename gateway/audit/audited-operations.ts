import type { ApolloServerPlugin } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, getArgumentValues, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import { auditObject } from '../../subgraphs/kit/audit/audit-entry.js';
import { isAsked, rootFields } from '../execution/root-fields.js';
import type { GatewayContext } from '../server/request-context.js';
import type { GatewayAudit } from './gateway-audit.js';

/** The root fields of an operation, by the schema's names, never a client's aliases. */
export function actionOf(operation: OperationDefinitionNode, document: DocumentNode): string {
  return [...new Set(Array.from(rootFields(operation, document), ({ node }) => node.name.value))].join(' ');
}

/** Records every mutation that was run, before it is answered, and every refusal among the errors of what was not. */
export function auditOperations(audit: GatewayAudit): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ contextValue: { caller, address }, operation, document, schema, request, response: { body } }) {
        if (body.kind !== 'single') return;
        const { errors = [], data } = body.singleResult;
        const asked = operation && document && { operation, document, variables: request.variables ?? {} };
        const by = { caller, address, requestId: caller.requestId, action: asked && actionOf(asked.operation, asked.document) };
        if (asked?.operation.operation !== OperationTypeNode.MUTATION || data === undefined) audit.refusedAll(errors, by);
        else await audit.mutated({ ...by, object: objectOf(asked, schema), outcome: outcomeOf(errors) });
      },
    }),
  };
}

/** What the arguments of a mutation's root fields name. Not by `name`: in mutations that nobody here knows it may be a person's. */
function objectOf(
  { operation, document, variables }: { operation: OperationDefinitionNode; document: DocumentNode; variables: Record<string, unknown> },
  schema: GraphQLSchema,
): string {
  const fields = schema.getMutationType()?.getFields() ?? {};
  const named = Array.from(rootFields(operation, document)).flatMap((field) => {
    const definition = fields[field.node.name.value];
    if (definition === undefined || !isAsked(field, variables)) return [];
    try {
      return [getArgumentValues(definition, field.node, variables)];
    } catch {
      // it was told what is wrong with them
      return [];
    }
  });
  return auditObject(...named)
    .split(' ')
    .filter((part) => !part.startsWith('name='))
    .join(' ');
}

function outcomeOf([error]: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[]): string {
  if (error === undefined) return 'OK';
  const code = error.extensions?.['code'];
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : 'INTERNAL_SERVER_ERROR';
}
