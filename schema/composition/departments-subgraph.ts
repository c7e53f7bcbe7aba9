import { type ConstDirectiveNode, type DocumentNode, Kind, visit } from 'graphql';
import { departmentContract } from './contract.js';
import { ROOT_TYPES } from './published-schema.js';

/**
 * The contract as the logical subgraph `departments`. Its value types become shareable, so that the ledger and extensions may
 * answer with them too.
 *
 * @param subscriptions whether another subgraph has public subscription fields. If none has, the Subscription type is hidden as
 * a whole: the contract's own feed is internal, and a type in the API schema without a field there is refused.
 */
export function departmentsSubgraph({ subscriptions }: { subscriptions: boolean }): DocumentNode {
  const { document, entities } = departmentContract();
  return visit(document, {
    ObjectTypeDefinition: (node) => {
      const name = node.name.value;
      if (name === 'Subscription' && !subscriptions)
        return { ...node, directives: [...(node.directives ?? []), directive('inaccessible')] };
      if (ROOT_TYPES.has(name) || entities.has(name)) return undefined;
      return { ...node, directives: [...(node.directives ?? []), directive('shareable')] };
    },
  });
}

function directive(name: string): ConstDirectiveNode {
  return { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: name } };
}
