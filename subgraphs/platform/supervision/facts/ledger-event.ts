import type { SourceEvent } from '../../../kit/feed/consumer.js';
import type { CaseFact } from './case-fact.js';

export const LEDGER_EVENTS = `subscription LedgerEvents($after: Cursor) {
  ledgerEvents(after: $after) {
    id cursor kind occurredAt recordedAt departmentCode itemCode caseNumber applicationId channel promisedDays statutoryDays
    stepCode procedureKind expectedDays extensionDays outcome hasReasons reviewRuleVersion
    calendarNotice { year source holidays workdays }
  }
}`;

/** The ledger's LedgerEvent, as far as it is asked for. */
export interface LedgerEvent extends SourceEvent {
  readonly kind: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly departmentCode: string;
  readonly itemCode: string | null;
  readonly caseNumber: string | null;
  readonly applicationId: string | null;
  readonly channel: string | null;
  readonly promisedDays: number | null;
  readonly statutoryDays: number | null;
  readonly stepCode: string | null;
  readonly procedureKind: string | null;
  readonly expectedDays: number | null;
  readonly extensionDays: number | null;
  readonly outcome: string | null;
  readonly hasReasons: boolean | null;
  readonly reviewRuleVersion: number | null;
  readonly calendarNotice: { year: number; source: string; holidays: string[]; workdays: string[] } | null;
}

/** A department told of a case that the ledger never accepted. */
export const UNKNOWN_CASE = 'UNKNOWN_CASE_REPORTED';

export function factOfEvent(event: LedgerEvent): CaseFact {
  const { id, kind, stepCode, procedureKind, expectedDays, extensionDays, outcome, hasReasons, reviewRuleVersion } = event;
  return {
    id,
    kind,
    at: new Date(event.occurredAt),
    recordedAt: new Date(event.recordedAt),
    stepCode,
    procedureKind,
    expectedDays,
    extensionDays,
    outcome,
    hasReasons,
    reviewRuleVersion,
  };
}
