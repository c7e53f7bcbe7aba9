import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { isExotic, isObject, type JsonObject, readOwn, writeOwn } from '../own-property.js';
import { compileCompleter, leafCheck, whereabouts } from './complete-type.js';
import { BUBBLE, type Completer, type Completion, REPORTED } from './completion.js';

/** Answers `__schema` and `__type`, asked for by `nodes` under one response name. */
export type Introspect = (nodes: readonly FieldNode[]) => unknown;

/** What shapes are compiled from: one operation without @skip and @include. */
export interface ShapeSource {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Whether a field, selected on a type, may be shown. Absent: all may. */
  readonly allows?: ((type: GraphQLCompositeType, field: string) => boolean) | undefined;
}

/** A selection set and the type its fields are declared on. */
interface TypedSelections {
  readonly selections: SelectionSetNode;
  readonly parent: GraphQLCompositeType;
}

/** All occurrences of one response name on one runtime type. */
interface CollectedField {
  readonly nodes: FieldNode[];
  readonly parents: GraphQLCompositeType[];
}

interface FieldShape {
  readonly name: string;
  readonly exotic: boolean;
  /** Absent for `__typename`. */
  readonly complete?: Completer;
  /** For leaves: what passes is taken as it is, without asking `complete`. */
  readonly passes?: ((value: unknown) => boolean) | undefined;
  readonly introspect?: readonly FieldNode[];
}

interface ObjectShape {
  readonly type: string;
  readonly fields: readonly FieldShape[];
}

/** How the objects found at one place of an operation become the objects of its answer; compiled per runtime type when first met. */
export class SelectionShape {
  readonly #source: ShapeSource;
  readonly #declared: GraphQLCompositeType;
  readonly #selections: readonly TypedSelections[];
  readonly #byType = new Map<string, ObjectShape>();

  constructor(source: ShapeSource, declared: GraphQLCompositeType, selections: readonly TypedSelections[]) {
    this.#source = source;
    this.#declared = declared;
    this.#selections = selections;
  }

  readonly complete: Completer = (value, completion, parent) => {
    if (value === null || value === undefined) return null;
    if (!isObject(value)) {
      completion.report(() => `Invalid non-object value found for ${whereabouts(completion, this.#declared.name, parent)}.`);
      return REPORTED;
    }
    const shape = this.#shapeOf(readOwn(value, '__typename'));
    if (shape === undefined) {
      completion.report(() => `Invalid __typename found for object at ${whereabouts(completion, this.#declared.name, parent)}.`);
      return REPORTED;
    }
    const done = completion.doneBy(this);
    if (done === undefined) return this.project(value, shape, completion);
    let projected = done.get(value);
    if (projected === undefined) done.set(value, (projected = this.project(value, shape, completion)));
    return projected;
  };

  /** The answer's root. Null when a root field bubbles. */
  completeRoot(data: JsonObject, completion: Completion, introspect: Introspect): JsonObject | null {
    const projected = this.project(data, this.#shape(this.#declared), completion, introspect);
    return projected === REPORTED ? null : (projected as JsonObject);
  }

  project(value: JsonObject, { type, fields }: ObjectShape, completion: Completion, introspect?: Introspect): unknown {
    const output: JsonObject = {};
    for (const field of fields) {
      const { name, exotic } = field;
      const input = exotic ? readOwn(value, name) : value[name];
      let completed: unknown;
      if (input !== null && input !== undefined && field.passes?.(input) === true) completed = input;
      else if (field.complete !== undefined) {
        if (completion.tracked) completion.path.push(name);
        completed = field.complete(input, completion, type);
        if (completion.tracked) completion.path.pop();
        if (completed === BUBBLE) return REPORTED;
        if (completed === REPORTED) completed = null;
      } else if (field.introspect !== undefined) completed = introspect?.(field.introspect) ?? null;
      else {
        completed = this.#typename(input ?? value['__typename'], type);
        if (completed === undefined) return REPORTED;
      }
      if (exotic) writeOwn(output, name, completed);
      else output[name] = completed;
    }
    return output;
  }

  #typename(claimed: unknown, known: string): string | undefined {
    const { schema } = this.#source;
    const type = (typeof claimed === 'string' ? schema.getType(claimed) : undefined) ?? schema.getType(known);
    return isObjectType(type) ? type.name : undefined;
  }

  #shapeOf(typename: unknown): ObjectShape | undefined {
    if (!typename) return this.#shape(this.#declared);
    if (typeof typename !== 'string') return undefined;
    const known = this.#byType.get(typename);
    if (known !== undefined) return known;
    const type = this.#source.schema.getType(typename);
    return isCompositeType(type) ? this.#shape(type) : undefined;
  }

  #shape(type: GraphQLCompositeType): ObjectShape {
    let shape = this.#byType.get(type.name);
    if (shape === undefined) {
      const collected = new Map<string, CollectedField>();
      const spread = new Set<string>();
      for (const { selections, parent } of this.#selections) this.#collect(type, selections, parent, collected, spread);
      shape = { type: type.name, fields: Array.from(collected, ([name, field]) => this.#field(type, name, field)) };
      this.#byType.set(type.name, shape);
    }
    return shape;
  }

  #collect(
    type: GraphQLCompositeType,
    { selections }: SelectionSetNode,
    parent: GraphQLCompositeType,
    collected: Map<string, CollectedField>,
    spread: Set<string>,
  ): void {
    const { schema, fragments } = this.#source;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        const field = collected.get(name);
        if (field === undefined) collected.set(name, { nodes: [selection], parents: [parent] });
        else {
          field.nodes.push(selection);
          field.parents.push(parent);
        }
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        // once is enough, and fragments that spread each other twice would double the work at every level
        if (spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (fragment === undefined) continue;
      const condition = fragment.typeCondition === undefined ? parent : schema.getType(fragment.typeCondition.name.value);
      if (isCompositeType(condition) && applies(schema, condition, type))
        this.#collect(type, fragment.selectionSet, condition, collected, spread);
    }
  }

  #field(runtime: GraphQLCompositeType, name: string, { nodes, parents }: CollectedField): FieldShape {
    const exotic = isExotic(name);
    const fieldName = nodes[0]?.name.value ?? '';
    if (fieldName === '__typename') return { name, exotic };
    if (fieldName === '__schema' || fieldName === '__type') return { name, exotic, introspect: nodes };
    const type = declaredType(runtime, parents, fieldName);
    const named = getNamedType(type);
    const selections = nodes.flatMap(({ selectionSet }) =>
      selectionSet && isCompositeType(named) ? [{ selections: selectionSet, parent: named }] : [],
    );
    const composite = isCompositeType(named) ? new SelectionShape(this.#source, named, selections).complete : undefined;
    const complete = compileCompleter(type, composite);
    if (this.#isWithheld(runtime, parents, fieldName))
      return { name, exotic, complete: (_, completion, parent) => complete(null, completion, parent) };
    return { name, exotic, complete, passes: leafCheck(type) };
  }

  /** What nobody fetched for the client may have been brought as a key, or for a field that requires it. */
  #isWithheld(runtime: GraphQLCompositeType, parents: readonly GraphQLCompositeType[], field: string): boolean {
    const { allows } = this.#source;
    return allows !== undefined && (!allows(runtime, field) || parents.every((parent) => !allows(parent, field)));
  }
}

/**
 * A field's type as declared where it is selected: an interface may allow null where its object does not, and then
 * the client was promised no more. Where the selections disagree, the object's own declaration is the strictest.
 */
function declaredType(runtime: GraphQLCompositeType, parents: readonly GraphQLCompositeType[], field: string): GraphQLOutputType {
  const [first, ...others] = parents.map((parent) => typeOn(parent, field));
  const own = typeOn(runtime, field);
  const type = others.every((other) => String(other) === String(first)) ? (first ?? own) : (own ?? first);
  if (type === undefined) throw new Error(`no field ${runtime.name}.${field}`);
  return type;
}

const typeOn = (type: GraphQLCompositeType, field: string): GraphQLOutputType | undefined =>
  isUnionType(type) ? undefined : type.getFields()[field]?.type;

/** `type` is an interface only when a subgraph knows no better (@interfaceObject). */
function applies(schema: GraphQLSchema, condition: GraphQLCompositeType, type: GraphQLCompositeType): boolean {
  if (condition === type) return true;
  return isAbstractType(condition) && !isUnionType(type) && schema.isSubType(condition, type);
}
