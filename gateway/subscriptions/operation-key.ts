import { type DocumentNode, Kind, visit } from 'graphql';
import { operationOf, outlineOf } from '../planning/operation-outline.js';

const positions = new WeakMap<DocumentNode, Map<string, string | undefined>>();

/**
 * Tells operations apart by what they make of an event: not by the variable that only says after which event to begin,
 * so that whoever resumes does not stay alone for ever.
 */
export function operationKey(
  document: DocumentNode,
  operationName: string | undefined,
  variables: Readonly<Record<string, unknown>>,
  cursorArgument: string | undefined,
): string {
  const position = cursorArgument === undefined ? undefined : positionVariable(document, operationName, cursorArgument);
  const entries = Object.entries(variables)
    .filter(([name]) => name !== position)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([outlineOf(document).text, operationName ?? null, entries]);
}

/** The variable given as the root field's cursor argument, if it serves for nothing else. */
function positionVariable(document: DocumentNode, operationName: string | undefined, argument: string): string | undefined {
  let known = positions.get(document);
  if (known === undefined) {
    known = new Map();
    positions.set(document, known);
  }
  const key = `${operationName ?? ''} ${argument}`;
  if (!known.has(key)) known.set(key, findPosition(document, operationName, argument));
  return known.get(key);
}

function findPosition(document: DocumentNode, operationName: string | undefined, argument: string): string | undefined {
  const [field] = operationOf(document, operationName).selectionSet.selections;
  if (field?.kind !== Kind.FIELD) return undefined;
  const value = field.arguments?.find(({ name }) => name.value === argument)?.value;
  if (value?.kind !== Kind.VARIABLE) return undefined;
  let uses = 0;
  visit(document, {
    VariableDefinition: ({ directives }) => (directives?.length ? undefined : false),
    Variable: ({ name }) => {
      if (name.value === value.name.value) uses++;
    },
  });
  return uses === 1 ? value.name.value : undefined;
}
