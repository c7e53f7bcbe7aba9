/** The registry's document can't be served. */
export class GenerationBuildError extends Error {
  override readonly name = 'GenerationBuildError';
  readonly code = 'COMPOSITION_FAILED';
  readonly problems: readonly string[];

  constructor(version: string, problems: readonly string[]) {
    super(`supergraph ${version} can't be served:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}
