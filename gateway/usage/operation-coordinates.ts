import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Every member of the graph that a valid document touches: fields (`Case.decision`), arguments (`Query.cases.first`), input
 * fields, and the names of the types they lead to. Of a variable, whose value differs from request to request, all fields of its input
 * type count. Sorted; without introspection.
 */
export function operationCoordinates(document: DocumentNode, schema: GraphQLSchema): string[] {
  const found = new Set<string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name }) {
        const parent = info.getParentType();
        if (parent == null || name.value.startsWith('__')) return;
        const owners: readonly GraphQLNamedType[] = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
        for (const owner of owners) found.add(owner.name).add(`${owner.name}.${name.value}`);
        const type = info.getType();
        if (type != null) found.add(getNamedType(type).name);
      },
      Argument({ name }) {
        const [parent, field] = [info.getParentType(), info.getFieldDef()];
        if (parent == null || field == null || info.getDirective() != null || field.name.startsWith('__')) return;
        found.add(`${parent.name}.${field.name}.${name.value}`);
        const type = info.getInputType();
        if (type != null) found.add(getNamedType(type).name);
      },
      ObjectField({ name }) {
        const parent = info.getParentInputType();
        const owner = parent == null ? undefined : getNamedType(parent);
        if (owner !== undefined) found.add(owner.name).add(`${owner.name}.${name.value}`);
        const type = info.getInputType();
        if (type != null) found.add(getNamedType(type).name);
      },
      VariableDefinition() {
        const type = info.getInputType();
        if (type != null) addInput(type, found);
      },
    }),
  );
  return [...found].sort();
}

function addInput(given: GraphQLInputType, found: Set<string>): void {
  const type = getNamedType(given);
  const isKnown = found.has(type.name);
  found.add(type.name);
  if (isKnown || !isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    found.add(`${type.name}.${field.name}`);
    addInput(field.type, found);
  }
}
