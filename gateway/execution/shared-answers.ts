import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import { parseFetch } from './root-fields.js';

/** A fetch of a plan, and where its answers go. */
export interface PlacedFetch {
  readonly fetch: FetchNode;
  readonly path: ResponsePath;
}

/**
 * Whether rows that lead to one entity may hold the parts of one answer together, rather than a copy each. They may unless
 * another fetch brings, at the same place, something under a name that this one brings: it would be merged into the parts
 * of all rows, though it may have been asked for some of them only. What is fetched further down is asked of a shared part
 * once, and belongs to all its places.
 */
export function mayShareAnswers(fetch: FetchNode, path: ResponsePath, fetches: readonly PlacedFetch[]): boolean {
  if (fetch.outputRewrites?.length) return false;
  const own = namesOf(fetch, []);
  return fetches.every((other) => {
    if (other.fetch === fetch || !other.path.every((element, index) => path[index] === element)) return true;
    if (other.fetch.outputRewrites?.length) return false;
    const below = path.slice(other.path.length).filter((element) => element !== '@');
    const others = namesOf(other.fetch, below.map(String));
    return [...own].every((name) => !others.has(name));
  });
}

/**
 * Whether rows may hold one object at `path` rather than one each that looks like the others': they may when a single fetch from
 * further up brings those objects, so that nothing else is ever merged into some of them and not into others.
 */
export function mayBeOneObject(path: ResponsePath, fetches: readonly PlacedFetch[]): boolean {
  const bringing = fetches.filter((other) => {
    if (other.path.length >= path.length || !other.path.every((element, index) => path[index] === element)) return false;
    return brings(other.fetch, path.slice(other.path.length));
  });
  return bringing.length === 1 && !bringing[0]?.fetch.outputRewrites?.length;
}

function brings(fetch: FetchNode, path: ResponsePath): boolean {
  if (fetch.outputRewrites?.length) return true;
  const names = path.filter((element) => element !== '@').map(String);
  return selectedBy(fetch, names).size > 0;
}

/** The response names that a fetch selects for its objects, or for what is found by `below` in them. */
function namesOf(fetch: FetchNode, below: readonly string[]): Set<string> {
  const names = selectedBy(fetch, below);
  names.delete('__typename');
  return names;
}

function selectedBy({ operation: text, requires }: FetchNode, below: readonly string[]): Set<string> {
  const { operation, fragments } = parseFetch(text);
  let selections = [operation.selectionSet];
  for (const name of requires === undefined ? below : ['_entities', ...below])
    selections = selectionsOf(selections, fragments).get(name) ?? [];
  return new Set(selectionsOf(selections, fragments).keys());
}

/** Selection sets by the response names that they are under. */
function selectionsOf(
  selectionSets: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Map<string, SelectionSetNode[]> {
  const found = new Map<string, SelectionSetNode[]>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const name = (selection.alias ?? selection.name).value;
        found.set(name, [...(found.get(name) ?? []), ...(selection.selectionSet === undefined ? [] : [selection.selectionSet])]);
        continue;
      }
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
      if (inner !== undefined) collect(inner.selectionSet);
    }
  };
  selectionSets.forEach(collect);
  return found;
}
