import { type DocumentNode, type FieldNode, Kind, type SelectionNode, type SelectionSetNode, visit } from 'graphql';
import { isIncluded } from '../execution/conditions.js';

/** The document without what its @skip and @include leave out, and without these directives. Selection sets may end up empty. */
export function decideConditions(document: DocumentNode, flags: Readonly<Record<string, boolean>>): DocumentNode {
  return visit(document, {
    SelectionSet: {
      enter: (node): SelectionSetNode => ({
        ...node,
        selections: node.selections.filter(({ directives }) => isIncluded(directives, flags)).map(withoutConditions),
      }),
    },
  });
}

function withoutConditions(selection: SelectionNode): SelectionNode {
  if (!selection.directives?.length) return selection;
  return { ...selection, directives: selection.directives.filter(({ name }) => name.value !== 'skip' && name.value !== 'include') };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Makes a document valid again whose selection sets may be empty: of an object without fields it has to be asked whether it is there at all. */
export function fillEmptySelections(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      enter: (node): SelectionSetNode | undefined => (node.selections.length > 0 ? undefined : { ...node, selections: [TYPENAME] }),
    },
  });
}
