/**
 * What of an event moves a clock. Kinds are the ledger's own (`ACCEPTED`, `DECIDED`, `APPLICATION_SUBMITTED`, …); those
 * that move none are passed over, so a whole timeline may be given as it is.
 */
export interface ClockEvent {
  readonly kind: string;
  /** When it happened, which may be long before it was recorded. */
  readonly at: Date;
  /** Of STEP_STARTED and STEP_FINISHED. */
  readonly stepCode?: string | null | undefined;
  /** Of SPECIAL_PROCEDURE_STARTED and SPECIAL_PROCEDURE_FINISHED. */
  readonly procedureKind?: string | null | undefined;
  /** Of EXTENDED, in working days. */
  readonly extensionDays?: number | null | undefined;
  /** Of DECIDED. */
  readonly outcome?: string | null | undefined;
}

/** In the order in which they happened, whatever order they became known in; of the same instant, as they were given. */
export function inOrder<E extends ClockEvent>(events: readonly E[]): E[] {
  return [...events].sort((a, b) => a.at.getTime() - b.at.getTime());
}
