import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode, visit } from 'graphql';
import { fragmentsOf } from '../execution/root-fields.js';
import { type OperationLimits, refuseMoreThan } from './operation-limits.js';
import { refuseNul } from './unstorable-text.js';

/** What a selection set comes to with all its fragments. */
interface Size {
  readonly depth: number;
  readonly fields: number;
  readonly aliases: number;
  /** Fields of the selection set itself. */
  readonly direct: number;
}

const NOTHING: Size = { depth: 0, fields: 0, aliases: 0, direct: 0 };

/**
 * Measures a document before anything is done with it: each fragment once, so that fragments which double at every level
 * take as long as they are written, and count for what they would become.
 * @throws CataloguedError OPERATION_TOO_LARGE, BAD_USER_INPUT
 */
export function refuseLargeDocument(document: DocumentNode, limits: OperationLimits): void {
  let directives = 0;
  visit(document, {
    Directive: () => {
      directives++;
    },
    StringValue: ({ value }) => refuseNul(value),
    ListValue: ({ values }) => refuseMoreThan(limits.listItems, values.length, 'items in one list'),
  });
  refuseMoreThan(limits.directives, directives, 'directives');
  const measure = measurer(fragmentsOf(document));
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    refuseMoreThan(limits.variables, definition.variableDefinitions?.length ?? 0, 'variables');
    const { depth, fields, aliases, direct } = measure(definition.selectionSet);
    refuseMoreThan(limits.depth, depth, 'levels of fields');
    refuseMoreThan(limits.rootFields, direct, 'root fields');
    refuseMoreThan(limits.aliases, aliases, 'aliases');
    refuseMoreThan(limits.fields, fields, 'fields');
  }
}

function measurer(fragments: ReadonlyMap<string, FragmentDefinitionNode>): (selectionSet: SelectionSetNode) => Size {
  const known = new Map<string, Size>();

  function ofFragment(name: string): Size {
    const found = known.get(name);
    if (found !== undefined) return found;
    const fragment = fragments.get(name);
    // one that spreads itself counts for nothing here: validation refuses it
    known.set(name, NOTHING);
    const size = fragment === undefined ? NOTHING : measure(fragment.selectionSet);
    known.set(name, size);
    return size;
  }

  function measure({ selections }: SelectionSetNode): Size {
    let [depth, fields, aliases, direct] = [0, 0, 0, 0];
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet === undefined ? NOTHING : measure(selection.selectionSet);
        depth = Math.max(depth, inner.depth + 1);
        fields += inner.fields + 1;
        aliases += inner.aliases + (selection.alias === undefined ? 0 : 1);
        direct += 1;
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? measure(selection.selectionSet) : ofFragment(selection.name.value);
      depth = Math.max(depth, inner.depth);
      fields += inner.fields;
      aliases += inner.aliases;
      direct += inner.direct;
    }
    return { depth, fields, aliases, direct };
  }

  return measure;
}
