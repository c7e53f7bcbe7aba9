import {
  type DocumentNode,
  type FieldNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import { isIncluded } from '../../execution/conditions.js';
import type { JsonObject } from '../../execution/own-property.js';
import { fragmentsOf } from '../../execution/root-fields.js';
import type { CostRules, ListSize } from './cost-rules.js';

/** Items of a list about which nothing is said. */
export const DEFAULT_LIST_SIZE = 10;
/** What a change costs beside what it answers. */
const MUTATION = 10;

/** Sizes that a field gives to lists further down: by response path below it. */
type Sized = ReadonlyMap<string, number>;
const UNSIZED: Sized = new Map();

/**
 * What an operation may cost at most before anybody is asked: an object 1 and a leaf 0, or its `@cost`; a list as often as
 * it may have items; arguments what they weigh. The formula is that of Apollo Router's static estimate. Each fragment is
 * counted once for each way its lists are sized, however often it is spread.
 */
export class OperationCost {
  readonly #rules: CostRules;
  readonly #schema: GraphQLSchema;
  readonly #listSize: number;
  /** Costs that no variable changes. */
  readonly #fixed = new WeakMap<OperationDefinitionNode, number>();

  constructor(rules: CostRules, api: GraphQLSchema, listSize = DEFAULT_LIST_SIZE) {
    this.#rules = rules;
    this.#schema = api;
    this.#listSize = listSize;
  }

  /** @throws CataloguedError BAD_USER_INPUT where a list needs exactly one argument that says how long it will be. */
  of(document: DocumentNode, operation: OperationDefinitionNode, variables: Readonly<JsonObject>): number {
    const known = this.#fixed.get(operation);
    if (known !== undefined) return known;
    const root = this.#schema.getRootType(operation.operation);
    if (root == null) return 0;
    const one = new OneCost(this.#rules, this.#schema, this.#listSize, document, variables);
    const cost =
      (operation.operation === OperationTypeNode.MUTATION ? MUTATION : 0) + one.ofSelections(operation.selectionSet, root, UNSIZED);
    if (!operation.variableDefinitions?.length) this.#fixed.set(operation, cost);
    return cost;
  }
}

class OneCost {
  readonly #fragments;
  readonly #known = new Map<string, number>();

  constructor(
    readonly rules: CostRules,
    readonly schema: GraphQLSchema,
    readonly listSize: number,
    document: DocumentNode,
    readonly variables: Readonly<JsonObject>,
  ) {
    this.#fragments = fragmentsOf(document);
  }

  ofSelections({ selections }: SelectionSetNode, parent: GraphQLCompositeType, sized: Sized): number {
    let cost = 0;
    for (const selection of selections) {
      if (!isIncluded(selection.directives, this.variables)) continue;
      if (selection.kind === Kind.FIELD) cost += this.#ofField(selection, parent, sized);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) cost += this.#ofFragment(selection.name.value, sized);
      else {
        const type = selection.typeCondition === undefined ? parent : this.schema.getType(selection.typeCondition.name.value);
        if (isCompositeType(type)) cost += this.ofSelections(selection.selectionSet, type, sized);
      }
    }
    return cost;
  }

  #ofFragment(name: string, sized: Sized): number {
    const key = sized.size === 0 ? name : JSON.stringify([name, ...sized]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fragment = this.#fragments.get(name);
    const type = fragment && this.schema.getType(fragment.typeCondition.name.value);
    const cost = fragment !== undefined && isCompositeType(type) ? this.ofSelections(fragment.selectionSet, type, sized) : 0;
    this.#known.set(key, cost);
    return cost;
  }

  #ofField(node: FieldNode, parent: GraphQLCompositeType, sized: Sized): number {
    const name = node.name.value;
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    // introspection is the gateway's own to answer
    if (field === undefined) return 0;
    const returned = getNamedType(field.type);
    const says = this.rules.listSize(parent.name, name);
    const size = says && this.#sizeOf(says, node, field.args, `${parent.name}.${name}`);
    let cost = this.rules.weight(`${parent.name}.${name}`) ?? this.rules.weight(returned.name) ?? (isCompositeType(returned) ? 1 : 0);
    if (node.selectionSet !== undefined && isCompositeType(returned))
      cost += this.ofSelections(node.selectionSet, returned, this.#below(name, sized, says, size));
    if (hasList(field.type)) cost *= sized.get(name) ?? (says?.sizedFields.length ? undefined : size) ?? this.listSize;
    for (const argument of node.arguments ?? []) {
      const definition = field.args.find((candidate) => candidate.name === argument.name.value);
      if (definition !== undefined) cost += this.#ofArgument(argument.value, definition, `${parent.name}.${name}(${definition.name}:)`);
    }
    return cost;
  }

  /** The sizes that hold for what is selected below a field. */
  #below(name: string, sized: Sized, says: ListSize | undefined, size: number | undefined): Sized {
    const below = new Map<string, number>();
    for (const [path, items] of sized) if (path.startsWith(`${name}.`)) below.set(path.slice(name.length + 1), items);
    if (says !== undefined && size !== undefined) for (const path of says.sizedFields) below.set(path, size);
    return below.size === 0 ? UNSIZED : below;
  }

  #sizeOf(says: ListSize, node: FieldNode, args: readonly GraphQLArgument[], coordinate: string): number | undefined {
    const given = says.slicingArguments.flatMap((name) => this.#slice(name, node, args) ?? []);
    if (says.requireOneSlicingArgument && says.slicingArguments.length > 0 && given.length !== 1) {
      throw new CataloguedError('BAD_USER_INPUT', `${coordinate} needs exactly one of ${says.slicingArguments.join(', ')}`, {
        http: { status: 400 },
      });
    }
    return given.length > 0 ? Math.max(...given) : says.assumedSize;
  }

  #slice(name: string, node: FieldNode, args: readonly GraphQLArgument[]): number | undefined {
    const written = node.arguments?.find((argument) => argument.name.value === name)?.value;
    let value: unknown = written === undefined ? undefined : valueFromASTUntyped(written, this.variables);
    // written as null it says nothing, left out it is the default
    if (value === undefined) value = args.find((argument) => argument.name === name)?.defaultValue;
    return typeof value === 'number' ? Math.max(0, value) : undefined;
  }

  #ofArgument(value: ValueNode, { type }: Pick<GraphQLArgument, 'type'>, coordinate: string): number {
    return this.#ofValue(valueFromASTUntyped(value, this.variables), type, coordinate);
  }

  /** An input object 1 and a leaf 0, or its `@cost`; lists as much as their items. */
  #ofValue(value: unknown, type: GraphQLInputType, coordinate: string): number {
    if (value === undefined || value === null) return 0;
    const named = getNamedType(type);
    if (Array.isArray(value)) {
      const own = this.rules.weight(coordinate) ?? 0;
      return value.reduce((sum: number, item: unknown) => sum + this.#ofValue(item, named, coordinate), own);
    }
    const weight = this.rules.weight(coordinate) ?? this.rules.weight(named.name);
    if (!isInputObjectType(named)) return weight ?? 0;
    let cost = weight ?? 1;
    for (const [name, field] of Object.entries(named.getFields())) {
      const inner = typeof value === 'object' && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      cost += this.#ofValue(inner, field.type, `${named.name}.${name}`);
    }
    return cost;
  }
}

function hasList(type: unknown): boolean {
  return isListType(type) || (isNonNullType(type) && hasList(type.ofType));
}
