import type { ComposedSupergraph, CompositionSources } from '../../../../schema/composition/compose.js';
import type { PublishedDepartment } from '../../../../schema/composition/conformance.js';
import type { ContractProblem } from '../../../../schema/composition/contract-problem.js';
import type { SchemaChange } from './schema-changes.js';

/** The work on schemas that takes from a tenth of a second to many seconds, of which its caller need not know where it is done. */
export interface Composer extends AsyncDisposable {
  /** @throws CompositionFailed */
  compose(sources: CompositionSources): Promise<ComposedSupergraph>;
  /** What of the contract a department does not keep. */
  conformance(department: PublishedDepartment): Promise<readonly ContractProblem[]>;
  /** What clients would notice of one supergraph in place of another. */
  changes(before: string, after: string): Promise<readonly SchemaChange[]>;
}
