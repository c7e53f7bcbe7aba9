import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type TypeDefinitionNode,
} from 'graphql';

/**
 * A supergraph without some of its subgraphs: what composing the others would give, as far as planning can tell. The
 * subgraphs that are left must need nothing that only the others have.
 * @param removed values of `join__Graph`.
 */
export function pruneSupergraph(supergraph: DocumentNode, removed: ReadonlySet<string>): DocumentNode {
  const types = new Map<string, TypeDefinitionNode>();
  for (const definition of supergraph.definitions) {
    if (!isTypeDefinitionNode(definition)) continue;
    const pruned = pruneType(definition, removed);
    if (pruned !== undefined) types.set(pruned.name.value, pruned);
  }
  const isLeft = (name: string) => types.has(name);
  const definitions = supergraph.definitions.flatMap((definition): DefinitionNode[] => {
    if (definition.kind === Kind.SCHEMA_DEFINITION) {
      const operationTypes = definition.operationTypes.filter(({ type }) => isLeft(type.name.value));
      return [{ ...definition, operationTypes, directives: keptDirectives(definition.directives, removed) }];
    }
    if (!isTypeDefinitionNode(definition)) return [definition];
    const type = types.get(definition.name.value);
    if (type === undefined) return [];
    if ('interfaces' in type) return [{ ...type, interfaces: (type.interfaces ?? []).filter(({ name }) => isLeft(name.value)) }];
    return [type];
  });
  return { kind: Kind.DOCUMENT, definitions };
}

/** The subgraphs that a directive of the join specification speaks of. */
export function graphOf(directive: ConstDirectiveNode): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === 'graph')?.value;
  return value?.kind === Kind.ENUM ? value.value : undefined;
}

function pruneType(type: TypeDefinitionNode, removed: ReadonlySet<string>): TypeDefinitionNode | undefined {
  if (type.kind === Kind.ENUM_TYPE_DEFINITION && type.name.value === 'join__Graph') {
    return { ...type, values: (type.values ?? []).filter(({ name }) => !removed.has(name.value)) };
  }
  const directives = keptDirectives(type.directives, removed);
  if (isOnlyOfRemoved('join__type', type.directives, directives)) return undefined;
  switch (type.kind) {
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const fields = prunedFields(type.fields, removed);
      return fields.length === 0 ? undefined : { ...type, directives, fields };
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = prunedFields(type.fields, removed);
      return fields.length === 0 ? undefined : { ...type, directives, fields };
    }
    case Kind.ENUM_TYPE_DEFINITION: {
      const values = (type.values ?? []).flatMap((value) => {
        const kept = keptDirectives(value.directives, removed);
        return isOnlyOfRemoved('join__enumValue', value.directives, kept) ? [] : [{ ...value, directives: kept }];
      });
      return { ...type, directives, values };
    }
    case Kind.UNION_TYPE_DEFINITION: {
      const members = new Set(directives.filter(({ name }) => name.value === 'join__unionMember').map(memberOf));
      return { ...type, directives, types: (type.types ?? []).filter(({ name }) => members.size === 0 || members.has(name.value)) };
    }
    default:
      return { ...type, directives };
  }
}

function prunedFields<F extends FieldDefinitionNode | InputValueDefinitionNode>(
  fields: readonly F[] | undefined,
  removed: ReadonlySet<string>,
): F[] {
  return (fields ?? []).flatMap((field) => {
    const directives = keptDirectives(field.directives, removed);
    return isOnlyOfRemoved('join__field', field.directives, directives) ? [] : [{ ...field, directives }];
  });
}

/** True when everything that the join specification said with `name` was about subgraphs that are gone. */
function isOnlyOfRemoved(name: string, before: readonly ConstDirectiveNode[] | undefined, after: readonly ConstDirectiveNode[]): boolean {
  const says = (directive: ConstDirectiveNode) => directive.name.value === name;
  return (before ?? []).some(says) && !after.some(says);
}

function keptDirectives(directives: readonly ConstDirectiveNode[] | undefined, removed: ReadonlySet<string>): ConstDirectiveNode[] {
  return (directives ?? []).flatMap((directive) => {
    if (directive.name.value === 'join__directive') return withoutGraphs(directive, removed);
    const graph = directive.name.value.startsWith('join__') ? graphOf(directive) : undefined;
    return graph !== undefined && removed.has(graph) ? [] : [directive];
  });
}

function withoutGraphs(directive: ConstDirectiveNode, removed: ReadonlySet<string>): ConstDirectiveNode[] {
  let left = true;
  const args = (directive.arguments ?? []).map((argument) => {
    if (argument.name.value !== 'graphs' || argument.value.kind !== Kind.LIST) return argument;
    const values = argument.value.values.filter((value) => value.kind !== Kind.ENUM || !removed.has(value.value));
    left = values.length > 0;
    return { ...argument, value: { ...argument.value, values } };
  });
  return left ? [{ ...directive, arguments: args }] : [];
}

function memberOf(directive: ConstDirectiveNode): string | undefined {
  const value = directive.arguments?.find(({ name }) => name.value === 'member')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
