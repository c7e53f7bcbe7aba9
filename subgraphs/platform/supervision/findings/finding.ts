import type { AlertRule } from '../types/enums.js';

/** What a rule says of a case as it stands: that something arises at a moment, should nothing happen before it. */
export interface Arising {
  readonly rule: AlertRule;
  /** Tells several of one rule apart: a step's code, a due day. Empty where there can be one only. */
  readonly occurrence: string;
  /** May lie in the future. */
  readonly at: Date;
  /** When it ends by itself, if it does. */
  readonly ends?: Date | undefined;
  /** The limit that it is about. */
  readonly dueAt?: Date | undefined;
  /** What a person wants to know beside it; never anything personal. */
  readonly detail?: Readonly<Record<string, string | number>> | undefined;
}

/** Something that arose in the life of a case, or will unless something happens. */
export interface Finding extends Arising {
  /** When it ended: what it waited for happened, or it ended by itself. Null while it lasts. */
  readonly over: Date | null;
}

/** All that can be said of a life, given what is known of it. */
export interface Findings {
  readonly findings: readonly Finding[];
  /** Whether something could not be dated because the holiday notice of its year is not loaded. */
  readonly pending: boolean;
}
