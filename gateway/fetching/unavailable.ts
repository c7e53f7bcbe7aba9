import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { FetchTarget } from '../execution/subgraph-fetch.js';

/** What a client is told of a peer that does not answer: which one, and nothing of why or where. */
export function unavailable({ subgraph, department }: FetchTarget): CataloguedError {
  return department === undefined
    ? new CataloguedError('SUBGRAPH_UNAVAILABLE', `the subgraph "${subgraph}" does not answer`, { service: subgraph })
    : new CataloguedError('DEPARTMENT_UNAVAILABLE', `the department "${department}" does not answer`, { department });
}
