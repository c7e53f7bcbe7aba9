/** One reason why no supergraph came out. */
export interface CompositionProblem {
  /** The department it concerns, when it concerns one. */
  department?: string;
  message: string;
}

/** There is no supergraph of these subgraphs; `problems` says why, each to whom it concerns. */
export class CompositionFailed extends Error {
  override readonly name = 'CompositionFailed';
  readonly code = 'COMPOSITION_FAILED';

  constructor(readonly problems: readonly CompositionProblem[]) {
    super(problems.map(({ department, message }) => (department ? `${department}: ${message}` : message)).join('\n'));
  }
}
