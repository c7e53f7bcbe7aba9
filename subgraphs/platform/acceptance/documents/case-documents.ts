import type { CaseProgressKind, DecisionOutcome } from '../types/enums.js';
import type { DocumentKind } from '../types/paper-enums.js';

const DECISIONS: Record<DecisionOutcome, DocumentKind> = {
  APPROVED: 'APPROVAL_DECISION',
  REFUSED: 'REFUSAL_DECISION',
  WITHDRAWN: 'TERMINATION_NOTICE',
  TERMINATED: 'TERMINATION_NOTICE',
};

export interface DocumentedEvent {
  kind: CaseProgressKind;
  outcome: DecisionOutcome | null;
  detail: Record<string, unknown> | null;
}

/** The document that an event of a case owes the applicant, if it owes one. */
export function documentOf({ kind, outcome, detail }: DocumentedEvent): DocumentKind | undefined {
  switch (kind) {
    case 'SPECIAL_PROCEDURE_STARTED':
      return 'SPECIAL_PROCEDURE_NOTICE';
    case 'EXTENDED':
      return 'EXTENSION_NOTICE';
    case 'DECIDED':
      return outcome === null ? undefined : DECISIONS[outcome];
    case 'CERTIFICATE_ISSUED':
      return detail?.['electronic'] === true ? 'CERTIFICATE' : undefined;
    case 'DELIVERED':
      return 'DELIVERY_RECEIPT';
    default:
      return undefined;
  }
}
