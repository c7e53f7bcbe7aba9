import type { BilingualText, CheckLevel } from './report.js';
import type { Session } from './session.js';

/** One thing that a department has to keep, and how to see whether it does. */
export interface Check {
  /** `group.what`; never renamed, since departments name it in their own builds. */
  readonly id: string;
  readonly level: CheckLevel;
  readonly title: BilingualText;
  readonly why: string;
  readonly pointer: string;
  readonly remedy: string;
  /** Read-only and quick: it is run whenever a department publishes. */
  readonly smoke?: boolean;
  /** Ids of checks that must have passed, because this one could say nothing otherwise. */
  readonly needs?: readonly string[];
  /** @throws Unmet when the department does not keep it, NotApplicable when it can't be asked of this department. */
  run(session: Session): Promise<void>;
}
