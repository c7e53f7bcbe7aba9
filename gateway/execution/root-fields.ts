import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isIncluded } from './conditions.js';
import type { JsonObject } from './own-property.js';

/** One root field of a subgraph operation, with the conditional fragments around it. */
export interface RootField {
  readonly responseName: string;
  readonly node: FieldNode;
  /** The selection that asks for this field alone, under the same conditions. */
  readonly selection: SelectionNode;
  readonly conditions: ReadonlyArray<readonly DirectiveNode[] | undefined>;
}

export interface ParsedFetch {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly fields: readonly RootField[];
}

/** Takes a planned operation's text apart at its root. */
export function parseFetch(text: string): ParsedFetch {
  const document: DocumentNode = parse(text, { noLocation: true });
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) throw new Error('a planned fetch has no operation');
  const fragments = fragmentsOf(document);
  return { operation, fragments, fields: [...fieldsOf(operation.selectionSet, fragments, [], (selection) => selection)] };
}

/** An operation's root fields, through all its fragments. */
export function rootFields(operation: OperationDefinitionNode, document: DocumentNode): Generator<RootField> {
  return fieldsOf(operation.selectionSet, fragmentsOf(document), [], (selection) => selection);
}

/** Their names. */
export function* rootFieldNames(operation: OperationDefinitionNode, document: DocumentNode): Generator<string> {
  for (const { node } of rootFields(operation, document)) yield node.name.value;
}

export function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  return fragments;
}

function* fieldsOf(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  conditions: RootField['conditions'],
  wrap: (selection: SelectionNode) => SelectionNode,
): Generator<RootField> {
  for (const selection of selectionSet.selections) {
    const within = [...conditions, selection.directives];
    if (selection.kind === Kind.FIELD) {
      yield { responseName: (selection.alias ?? selection.name).value, node: selection, selection: wrap(selection), conditions: within };
      continue;
    }
    const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (inner === undefined) continue;
    yield* fieldsOf(inner.selectionSet, fragments, within, (child) =>
      wrap({
        kind: Kind.INLINE_FRAGMENT,
        ...(inner.typeCondition && { typeCondition: inner.typeCondition }),
        directives: selection.directives ?? [],
        selectionSet: { kind: Kind.SELECTION_SET, selections: [child] },
      }),
    );
  }
}

export const isAsked = (field: RootField, flags: Readonly<JsonObject>): boolean =>
  field.conditions.every((directives) => isIncluded(directives, flags));
