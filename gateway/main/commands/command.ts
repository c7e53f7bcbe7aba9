/** One command of `acceptance`. */
export interface Command {
  /** One or two words. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
  /** The whole line to type. */
  readonly usage: string;
  /** Options and examples. */
  readonly help: string;
  /** Runs it; resolves to the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** It was asked wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
