import { isDeepStrictEqual } from 'node:util';
import { told } from './told.js';

/** What was seen and what should have been; values are shortened and cleaned of secrets before they are told. */
export interface Difference {
  readonly expected?: unknown;
  readonly found?: unknown;
}

/** The department does not keep what a check asks. Caught by the runner; never leaves the suite. */
export class Unmet extends Error {
  override readonly name = 'Unmet';
  readonly expected: string | undefined;
  readonly found: string | undefined;

  constructor(reason: string, { expected, found }: Difference = {}) {
    super(told(reason));
    this.expected = expected === undefined ? undefined : told(expected);
    this.found = found === undefined ? undefined : told(found);
  }
}

/** What was waited for did not come in time: a department that is slow to answer now, or one that never does. */
export class OutOfTime extends Unmet {}

/** A check does not apply to this department or to how the suite was started. */
export class NotApplicable extends Error {
  override readonly name = 'NotApplicable';
}

/** @throws Unmet unless `condition` holds. */
export function expectThat(condition: boolean, reason: string, difference?: Difference): asserts condition {
  if (!condition) throw new Unmet(reason, difference);
}

/** Compares values, whatever the order of their keys. @throws Unmet */
export function expectSame(found: unknown, expected: unknown, reason: string): void {
  if (!isDeepStrictEqual(found, expected)) throw new Unmet(reason, { expected, found });
}
