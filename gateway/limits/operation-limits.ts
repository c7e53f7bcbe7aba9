import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/** How much of each an operation may have. Fragments count wherever they are spread. */
export interface OperationLimits {
  /** Characters of a document. Documents are kept in caches, where variables are not. */
  readonly documentLength: number;
  /** Levels of fields in fields. */
  readonly depth: number;
  /** Fields in all. */
  readonly fields: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** Directives as they are written. */
  readonly directives: number;
  /** Items of one list, in the document or in variables. */
  readonly listItems: number;
  readonly variables: number;
  /** Objects and lists within each other in variables. */
  readonly variableDepth: number;
  /** Single values in variables, however they are arranged. */
  readonly variableValues: number;
  /** Operations of one HTTP request; 0 takes no batches at all. */
  readonly batch: number;
}

/** Several times what a large page asks for. */
export const DEFAULT_OPERATION_LIMITS: OperationLimits = {
  documentLength: 65_536,
  depth: 30,
  fields: 10_000,
  aliases: 200,
  rootFields: 50,
  directives: 200,
  listItems: 1_000,
  variables: 200,
  variableDepth: 20,
  variableValues: 10_000,
  batch: 0,
};

/** @throws CataloguedError OPERATION_TOO_LARGE */
export function refuseMoreThan(limit: number, found: number, of: string): void {
  if (found > limit) throw tooLarge(limit, of);
}

export function tooLarge(limit: number, of: string): CataloguedError {
  return new CataloguedError('OPERATION_TOO_LARGE', `the request has more than ${limit} ${of}`, { of, limit, http: { status: 400 } });
}
