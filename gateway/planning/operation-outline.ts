import { type DocumentNode, getOperationAST, Kind, type OperationDefinitionNode, print, visit } from 'graphql';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/** What is known of a document before it is planned. */
interface DocumentOutline {
  /** Tells documents apart, whatever object they are. */
  readonly text: string;
  /** The variables that @skip and @include depend on, sorted. */
  readonly flags: readonly string[];
}

// one document object usually serves many requests
const outlines = new WeakMap<DocumentNode, DocumentOutline>();

export function outlineOf(document: DocumentNode): DocumentOutline {
  let outline = outlines.get(document);
  if (outline === undefined) {
    outline = { text: print(document), flags: conditionVariables(document) };
    outlines.set(document, outline);
  }
  return outline;
}

function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive: ({ name, arguments: args }) => {
      if (name.value !== 'skip' && name.value !== 'include') return;
      for (const { value } of args ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/** @throws CataloguedError OPERATION_RESOLUTION_FAILURE */
export function operationOf(document: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, operationName);
  if (operation) return operation;
  throw new CataloguedError(
    'OPERATION_RESOLUTION_FAILURE',
    operationName === undefined
      ? 'Name the operation to run: the document has not exactly one.'
      : `The document has no operation named "${operationName}".`,
  );
}
