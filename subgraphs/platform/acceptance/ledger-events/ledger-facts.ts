import { text, wholeNumber } from '../following/told-values.js';
import type { CaseRow, ProgressRow } from '../store/tables.js';

/** What the platform's own followers learn of an event of a case. It names nobody, so the feed may carry it. */
export interface LedgerFacts {
  channel: string;
  promisedDays: number;
  statutoryDays: number;
  applicationId: string;
  recordedAt: string;
  stepCode: string | null;
  stepKind: string | null;
  procedureKind: string | null;
  expectedDays: number | null;
  extensionDays: number | null;
  outcome: string | null;
  hasReasons: boolean | null;
  reviewRuleVersion: number | null;
  certificateNumber: string | null;
  deliveryChannel: string | null;
}

type Told = Pick<ProgressRow, 'kind' | 'recordedAt'> & {
  stepCode?: string | null | undefined;
  detail?: Record<string, unknown> | null | undefined;
};
type Of = Pick<CaseRow, 'channel' | 'promisedDays' | 'statutoryDays' | 'applicationId' | 'certificateNumber'>;

/** Made when the event is written; of events from before that, when they are read. */
export function ledgerFacts(
  { channel, promisedDays, statutoryDays, applicationId, certificateNumber }: Of,
  { kind, recordedAt, stepCode, detail }: Told,
): LedgerFacts {
  const decided = kind === 'DECIDED';
  const procedure = kind.startsWith('SPECIAL_PROCEDURE');
  return {
    channel,
    promisedDays,
    statutoryDays,
    applicationId,
    recordedAt: recordedAt.toISOString(),
    stepCode: stepCode ?? null,
    stepKind: stepCode == null ? null : text(detail?.['kind']),
    procedureKind: procedure ? text(detail?.['kind']) : null,
    expectedDays: procedure ? wholeNumber(detail?.['expectedDays']) : null,
    extensionDays: kind === 'EXTENDED' ? wholeNumber(detail?.['days']) : null,
    outcome: decided ? text(detail?.['outcome']) : null,
    hasReasons: decided ? saysSomething(detail?.['reasons']) : null,
    reviewRuleVersion: decided ? wholeNumber(detail?.['reviewRuleVersion']) : null,
    certificateNumber: decided || kind === 'CERTIFICATE_ISSUED' ? (certificateNumber ?? null) : null,
    deliveryChannel: kind === 'DELIVERED' ? text(detail?.['channel']) : null,
  };
}

function saysSomething(reasons: unknown): boolean {
  return Array.isArray(reasons) ? reasons.some(saysSomething) : typeof reasons === 'string' && reasons.trim() !== '';
}
