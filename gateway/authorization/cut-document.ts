import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isListType,
  isNonNullType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../execution/root-fields.js';
import type { Authorization } from './field-rules.js';

/** A place in a response before there is one: response names, and `@` for every item of a list. */
export type CutPath = readonly string[];

export interface CutDocument {
  /** What is left to fetch; null when nothing is. Selection sets may be empty. */
  readonly document: DocumentNode | null;
  /** Where fields were left out, in the order of the operation; at most {@link MOST_TOLD}. */
  readonly cut: readonly CutPath[];
}

/** Places told in one response. Fragments that spread each other could name as many as there are atoms. */
const MOST_TOLD = 1_000;

/**
 * Leaves out of an operation what its caller may not read. Each fragment is looked at once, however often it is spread.
 * @param operation of `document`, whose @skip and @include are decided.
 */
export function cutDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { allows }: Pick<Authorization, 'allows'>,
): CutDocument {
  const root = schema.getRootType(operation.operation);
  if (root == null) return { document, cut: [] };
  const fragments = fragmentsOf(document);
  const pruned = new Map<string, Pruned>();
  const known = new Map<SelectionSetNode, Pruned>();

  function ofFragment(fragment: FragmentDefinitionNode): Pruned {
    const name = fragment.name.value;
    let found = pruned.get(name);
    if (found === undefined) {
      const type = schema.getType(fragment.typeCondition.name.value);
      found = isCompositeType(type) ? prune(fragment.selectionSet, type) : { selections: fragment.selectionSet, isCut: false };
      pruned.set(name, found);
    }
    return found;
  }

  function prune(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): Pruned {
    let found = known.get(selectionSet);
    if (found === undefined) {
      found = look(selectionSet, parent);
      known.set(selectionSet, found);
    }
    return found;
  }

  function look(selectionSet: SelectionSetNode, parent: GraphQLCompositeType): Pruned {
    let isCut = false;
    const selections = selectionSet.selections.flatMap((selection): SelectionNode[] => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment !== undefined && ofFragment(fragment).isCut) isCut = true;
        return [selection];
      }
      if (selection.kind === Kind.FIELD && !allows(parent, selection.name.value)) {
        isCut = true;
        return [];
      }
      const inner = selection.selectionSet;
      const type = selection.kind === Kind.FIELD ? returnedType(parent, selection) : conditionOf(schema, selection.typeCondition, parent);
      if (inner === undefined || type === undefined) return [selection];
      const kept = prune(inner, type);
      if (!kept.isCut) return [selection];
      isCut = true;
      return [{ ...selection, selectionSet: kept.selections }];
    });
    return { selections: isCut ? { ...selectionSet, selections } : selectionSet, isCut };
  }

  const kept = prune(operation.selectionSet, root);
  if (!kept.isCut) return { document, cut: [] };
  const definitions = document.definitions.map((definition) => {
    if (definition === operation) return { ...operation, selectionSet: kept.selections };
    const found = definition.kind === Kind.FRAGMENT_DEFINITION ? pruned.get(definition.name.value) : undefined;
    return found === undefined ? definition : ({ ...definition, selectionSet: found.selections } as FragmentDefinitionNode);
  });
  const cut = new Map<string, CutPath>();
  const spread = new Set<string>();
  tell(operation.selectionSet, root, []);
  return { document: asksSomething(kept.selections, pruned, new Set()) ? { ...document, definitions } : null, cut: [...cut.values()] };

  /** Collects the paths of what was left out; goes only where something was. */
  function tell(selectionSet: SelectionSetNode, parent: GraphQLCompositeType, path: CutPath): void {
    for (const selection of selectionSet.selections) {
      if (cut.size >= MOST_TOLD) return;
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        const type = fragment && schema.getType(fragment.typeCondition.name.value);
        if (fragment === undefined || !isCompositeType(type) || !ofFragment(fragment).isCut) continue;
        const spreading = JSON.stringify([selection.name.value, ...path]);
        if (spread.has(spreading)) continue;
        spread.add(spreading);
        tell(fragment.selectionSet, type, path);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = conditionOf(schema, selection.typeCondition, parent);
        if (type !== undefined && prune(selection.selectionSet, type).isCut) tell(selection.selectionSet, type, path);
        continue;
      }
      const place = [...path, (selection.alias ?? selection.name).value];
      if (!allows(parent, selection.name.value)) {
        cut.set(JSON.stringify(place), place);
        continue;
      }
      const type = returnedType(parent, selection);
      if (type === undefined || selection.selectionSet === undefined || !prune(selection.selectionSet, type).isCut) continue;
      tell(selection.selectionSet, type, [...place, ...itemMarks(parent, selection)]);
    }
  }
}

interface Pruned {
  readonly selections: SelectionSetNode;
  readonly isCut: boolean;
}

function conditionOf(
  schema: GraphQLSchema,
  condition: { readonly name: { readonly value: string } } | undefined,
  parent: GraphQLCompositeType,
): GraphQLCompositeType | undefined {
  if (condition === undefined) return parent;
  const type = schema.getType(condition.name.value);
  return isCompositeType(type) ? type : undefined;
}

function returnedType(parent: GraphQLCompositeType, { name }: FieldNode): GraphQLCompositeType | undefined {
  const definition = isUnionType(parent) ? undefined : parent.getFields()[name.value];
  const type = definition && getNamedType(definition.type);
  return isCompositeType(type) ? type : undefined;
}

/** One `@` for each list around the field's type. */
function itemMarks(parent: GraphQLCompositeType, { name }: FieldNode): string[] {
  const marks: string[] = [];
  let type = isUnionType(parent) ? undefined : parent.getFields()[name.value]?.type;
  while (type !== undefined && (isNonNullType(type) || isListType(type))) {
    if (isListType(type)) marks.push('@');
    type = type.ofType;
  }
  return marks;
}

/** Whether anything is left at the root. */
function asksSomething({ selections }: SelectionSetNode, fragments: ReadonlyMap<string, Pruned>, seen: Set<string>): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return true;
    if (selection.kind === Kind.INLINE_FRAGMENT) return asksSomething(selection.selectionSet, fragments, seen);
    const name = selection.name.value;
    if (seen.has(name)) return false;
    seen.add(name);
    const fragment = fragments.get(name);
    return fragment !== undefined && asksSomething(fragment.selections, fragments, seen);
  });
}
