/** MUST: without it the platform goes wrong. SHOULD: without it people who maintain either side have a harder time. */
export type CheckLevel = 'MUST' | 'SHOULD';

/** `skipped`: it does not apply to this department. `not-run`: a check that it builds on did not pass. */
export type CheckOutcome = 'passed' | 'failed' | 'skipped' | 'not-run';

export interface BilingualText {
  readonly zh: string;
  readonly en: string;
}

/** What one check came to. Texts carry no token, no stack trace and no personal data. */
export interface CheckResult {
  /** Stable: `feed.no-gap-over-reconnect`. */
  readonly id: string;
  readonly level: CheckLevel;
  readonly title: BilingualText;
  /** What goes wrong in the province when a department does not keep it. */
  readonly why: string;
  /** The member of the contract (`Mutation.receiveCase`), or the section of a README, that asks for it. */
  readonly pointer: string;
  readonly outcome: CheckOutcome;
  /** What happened, in a sentence; absent when it passed. */
  readonly reason?: string;
  readonly expected?: string;
  readonly found?: string;
  /** With `failed` only: it waited in vain for something, which a department that is only slow brings about as well. */
  readonly outOfTime?: true;
  /** What to do about it; with `failed` only. */
  readonly remedy?: string;
  /** Milliseconds. */
  readonly durationMs: number;
}

export interface ConformanceReport {
  /** The department's code. */
  readonly department: string;
  readonly contractVersion: number;
  /** Give it to another run to have the same random choices. */
  readonly seed: number;
  /** In the order of the registry. */
  readonly results: readonly CheckResult[];
  /** True when no MUST failed. */
  readonly passed: boolean;
}
