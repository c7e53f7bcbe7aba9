import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLField,
  type GraphQLSchema,
  getArgumentValues,
  type OperationDefinitionNode,
  OperationTypeNode,
} from 'graphql';
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
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation === OperationTypeNode.MUTATION) audit.refuseUnrecorded();
      },
      async willSendResponse({ contextValue: { caller, address }, operation, document, schema, request, response: { body } }) {
        if (body.kind !== 'single') return;
        const { errors = [], data } = body.singleResult;
        const asked = operation && document && { operation, document, variables: request.variables ?? {} };
        const by = { caller, address, requestId: caller.requestId, action: asked && actionOf(asked.operation, asked.document) };
        if (asked?.operation.operation !== OperationTypeNode.MUTATION || data === undefined) audit.refusedAll(errors, by);
        else await Promise.all(fieldsOf(asked, schema, errors).map((field) => audit.mutated({ ...by, ...field })));
      },
    }),
  };
}

interface Asked {
  readonly operation: OperationDefinitionNode;
  readonly document: DocumentNode;
  readonly variables: Record<string, unknown>;
}

type Faults = readonly {
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>>;
}[];

/** One record for each root field that was asked for: each is a mutation of its own, with its own object and outcome. */
function fieldsOf({ operation, document, variables }: Asked, schema: GraphQLSchema, errors: Faults) {
  const fields = schema.getMutationType()?.getFields() ?? {};
  return Array.from(rootFields(operation, document))
    .filter((field) => isAsked(field, variables) && !field.node.name.value.startsWith('__'))
    .map(({ node, responseName }) => {
      const definition = fields[node.name.value];
      const own = errors.filter(({ path }) => path === undefined || path[0] === responseName);
      return {
        action: node.name.value,
        object: definition === undefined ? '' : objectOf(definition, node, variables),
        outcome: outcomeOf(own),
      };
    });
}

/** What the arguments of a root field name. Not by `name`: in mutations that nobody here knows it may be a person's. */
function objectOf(definition: GraphQLField<unknown, unknown>, node: FieldNode, variables: Record<string, unknown>): string {
  let given: Record<string, unknown>;
  try {
    given = getArgumentValues(definition, node, variables);
  } catch {
    // it was told what is wrong with them
    return '';
  }
  return auditObject(given)
    .split(' ')
    .filter((part) => !part.startsWith('name='))
    .join(' ');
}

function outcomeOf([error]: Faults): string {
  if (error === undefined) return 'OK';
  const code = error.extensions?.['code'];
  return typeof code === 'string' && /^[A-Z_]{1,64}$/.test(code) ? code : 'INTERNAL_SERVER_ERROR';
}
