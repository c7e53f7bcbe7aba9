import type { FieldDefinition, InterfaceType, NamedType, ObjectType, Schema, Supergraph } from '@apollo/federation-internals';
import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Grants } from './grants.js';
import { type Atom, atomsOf, type Guard, isMet, type Requirement } from './requirement.js';

/** How an operation's guards turn out for somebody. */
export interface Authorization {
  /** Equal for everybody to whom the operation's guards say the same; plans are made once for each. */
  readonly key: string;
  /** Whether the field may be read as a selection on `type`. */
  readonly allows: (type: GraphQLCompositeType, field: string) => boolean;
}

const FREE: Requirement = [];

/**
 * What `@authenticated`, `@requiresScopes` and `@policy` of a composed supergraph ask for, wherever subgraphs put them: on
 * fields, objects, interfaces, enums and scalars.
 *
 * A selected field asks for what is on the field, on the type it is selected on and on the type it returns. Of an interface, what
 * any implementing type asks is asked, since any may be the one that answers; where an interface is returned, only the fields
 * selected on it ask this, so that fragments on types one may read bring their rows.
 */
export class FieldRules {
  readonly #schema: GraphQLSchema;
  readonly #types = new Map<string, Requirement>();
  readonly #fields = new Map<string, Requirement>();
  readonly #selected = new Map<string, Requirement>();
  readonly #atoms = new WeakMap<DocumentNode, readonly Atom[]>();

  /** @param api what clients see of the supergraph. */
  constructor({ schema }: Pick<Supergraph, 'schema'>, api: GraphQLSchema) {
    this.#schema = api;
    const read = guardReader(schema);
    if (read === undefined) return;
    for (const type of schema.types()) {
      const ofType = read(type);
      if (ofType.length > 0) this.#types.set(type.name, ofType);
      if (type.kind !== 'ObjectType' && type.kind !== 'InterfaceType') continue;
      for (const field of type.fields()) {
        const ofField = read(field);
        if (ofField.length > 0) this.#fields.set(`${type.name}.${field.name}`, ofField);
      }
    }
  }

  /** False for a supergraph without guards. */
  get any(): boolean {
    return this.#types.size > 0 || this.#fields.size > 0;
  }

  /** Undefined when nothing in the document is guarded. @param document valid in the API schema. */
  authorize(document: DocumentNode, grants: Grants): Authorization | undefined {
    if (!this.any) return undefined;
    const atoms = this.#atomsIn(document);
    if (atoms.length === 0) return undefined;
    const held = new Set(atoms.filter(({ isHeld }) => isHeld(grants)).map(({ name }) => name));
    return {
      key: [...held].join('\n'),
      allows: (type, field) => isMet(this.#requirement(type, field), held),
    };
  }

  #atomsIn(document: DocumentNode): readonly Atom[] {
    let atoms = this.#atoms.get(document);
    if (atoms === undefined) {
      const found = new Map<string, Atom>();
      const info = new TypeInfo(this.#schema);
      const look = (type: GraphQLCompositeType, field: string) => {
        for (const atom of atomsOf(this.#requirement(type, field))) found.set(atom.name, atom);
      };
      visit(
        document,
        visitWithTypeInfo(info, {
          Field: ({ name }) => {
            const parent = info.getParentType();
            if (parent == null) return;
            look(parent, name.value);
            // the same field of whatever type answers: see Projection
            if (isInterfaceType(parent)) for (const type of this.#schema.getPossibleTypes(parent)) look(type, name.value);
          },
        }),
      );
      atoms = [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
      this.#atoms.set(document, atoms);
    }
    return atoms;
  }

  #requirement(type: GraphQLCompositeType, field: string): Requirement {
    const coordinate = `${type.name}.${field}`;
    let requirement = this.#selected.get(coordinate);
    if (requirement === undefined) {
      requirement = this.#compute(type, field);
      this.#selected.set(coordinate, requirement);
    }
    return requirement;
  }

  #compute(type: GraphQLCompositeType, field: string): Requirement {
    if (isUnionType(type)) return FREE;
    // an interface's __typename says only which rows there are
    if (field === '__typename') return isInterfaceType(type) ? FREE : this.#ofType(type.name);
    const definition = type.getFields()[field];
    if (definition === undefined) return FREE;
    const returned = getNamedType(definition.type);
    const guards = [...this.#ofType(type.name), ...(this.#fields.get(`${type.name}.${field}`) ?? FREE)];
    if (!isCompositeType(returned) || isObjectType(returned)) guards.push(...this.#ofType(returned.name));
    if (isInterfaceType(type)) {
      for (const implementing of this.#schema.getPossibleTypes(type)) guards.push(...this.#requirement(implementing, field));
    }
    return withoutDoubles(guards);
  }

  #ofType(name: string): Requirement {
    return this.#types.get(name) ?? FREE;
  }
}

type Guarded = NamedType | FieldDefinition<ObjectType> | FieldDefinition<InterfaceType>;

/** Undefined where the supergraph knows none of the directives. */
function guardReader(schema: Schema): ((element: Guarded) => Requirement) | undefined {
  const directive = (name: string) => schema.coreFeatures?.getByIdentity(`https://specs.apollo.dev/${name}`)?.directiveNameInSchema(name);
  const [authenticated, requiresScopes, policy] = [directive('authenticated'), directive('requiresScopes'), directive('policy')];
  if (authenticated === undefined && requiresScopes === undefined && policy === undefined) return undefined;
  return (element) => {
    // a definition's own and every extension's; more than one is met only when all are
    const applied = (name: string | undefined) => (name === undefined ? [] : (element as NamedType).appliedDirectivesOf(name));
    return [
      ...applied(authenticated).map((): Guard => ({ kind: 'authenticated' })),
      ...applied(requiresScopes).map((found): Guard => ({ kind: 'scopes', anyOf: lists(found.arguments(true)['scopes']) })),
      ...applied(policy).map((found): Guard => ({ kind: 'policies', anyOf: lists(found.arguments(true)['policies']) })),
    ];
  };
}

const lists = (value: unknown): string[][] =>
  Array.isArray(value) ? value.map((list: unknown) => (Array.isArray(list) ? list.map(String) : [String(list)])) : [];

function withoutDoubles(guards: readonly Guard[]): Requirement {
  return [...new Map(guards.map((guard) => [JSON.stringify(guard), guard])).values()];
}
