import { EventRefused, type SourceEvent } from '../../../kit/feed/consumer.js';
import {
  CASE_PROGRESS_KINDS,
  type CaseProgressKind,
  DECISION_OUTCOMES,
  type DecisionOutcome,
  SPECIAL_PROCEDURE_KINDS,
} from '../types/enums.js';

/** The fields of the department contract's CaseEvent, all of them. */
export const CASE_EVENT_FIELDS = `
  id cursor departmentCode caseNumber kind occurredAt note
  step { code name kind startedAt finishedAt handler opinion }
  specialProcedure { kind startedAt expectedDays finishedAt reason }
  extension { days reason decidedAt }
  decision { outcome decidedAt reasons reviewRuleVersion documentNumber seal certificate { number kind issuedAt validUntil electronic } }
  certificate { number kind issuedAt validUntil electronic }
  delivery { channel deliveredAt trackingNumber }
`;

/** A CaseEvent as it comes. Departments are programs of others, so nothing in it is taken for granted. */
export interface DepartmentEvent extends SourceEvent {
  departmentCode?: unknown;
  caseNumber?: unknown;
  kind?: unknown;
  occurredAt?: unknown;
  note?: unknown;
  step?: Record<string, unknown> | null;
  specialProcedure?: Record<string, unknown> | null;
  extension?: Record<string, unknown> | null;
  decision?: Record<string, unknown> | null;
  certificate?: Record<string, unknown> | null;
  delivery?: Record<string, unknown> | null;
}

/** A CaseEvent that says what its kind must say. */
export interface CheckedEvent {
  caseNumber: string;
  kind: Exclude<CaseProgressKind, 'ACCEPTED'>;
  occurredAt: Date;
  detail: Record<string, unknown> | null;
  stepCode: string | null;
  stepName: string | null;
  handler: string | null;
  note: string | null;
  procedureKind: string | undefined;
  outcome: DecisionOutcome | null;
  decidedAt: Date | null;
  certificateNumber: string | null;
  /** Of a certificate that is issued by this event. */
  certificateIssuedAt: Date | null;
}

type Detail = 'step' | 'specialProcedure' | 'extension' | 'decision' | 'certificate' | 'delivery';

const DETAIL_OF: Record<CheckedEvent['kind'], Detail | undefined> = {
  RECEIVED: undefined,
  STEP_STARTED: 'step',
  STEP_FINISHED: 'step',
  SPECIAL_PROCEDURE_STARTED: 'specialProcedure',
  SPECIAL_PROCEDURE_FINISHED: 'specialProcedure',
  EXTENDED: 'extension',
  DECIDED: 'decision',
  CERTIFICATE_ISSUED: 'certificate',
  DELIVERED: 'delivery',
};

const NOTE_LIMIT = 4_000;

/** @throws EventRefused when it can never be applied; the reason repeats nothing of its free text. */
export function checkedEvent(event: DepartmentEvent, departmentCode: string): CheckedEvent {
  if (event.departmentCode !== departmentCode) throw new EventRefused('it is of another department');
  const { kind } = event;
  if (typeof kind !== 'string' || !Object.hasOwn(CASE_PROGRESS_KINDS, kind) || kind === 'ACCEPTED')
    throw new EventRefused('its kind is none of the contract');
  const known = kind as CheckedEvent['kind'];
  if (typeof event.caseNumber !== 'string') throw new EventRefused('it names no case');
  const detailName = DETAIL_OF[known];
  const detail = detailName === undefined ? null : event[detailName];
  if (detail === undefined || (detailName !== undefined && detail === null))
    throw new EventRefused(`${known} comes without its ${detailName}`);
  const outcome = known === 'DECIDED' ? outcomeOf(detail) : null;
  return {
    caseNumber: event.caseNumber,
    kind: known,
    occurredAt: instant(event.occurredAt, 'occurredAt'),
    detail,
    stepCode: detailName === 'step' ? text(detail?.['code'], 64) : null,
    stepName: detailName === 'step' ? text(detail?.['name'], 200) : null,
    handler: detailName === 'step' ? text(detail?.['handler'], 200) : null,
    note: text(event.note, NOTE_LIMIT),
    procedureKind: detailName === 'specialProcedure' ? procedureKindOf(detail) : undefined,
    outcome,
    decidedAt: outcome === null ? null : instant(detail?.['decidedAt'], 'decision.decidedAt'),
    certificateNumber: certificateNumber(known, detail),
    certificateIssuedAt: known === 'CERTIFICATE_ISSUED' ? instant(detail?.['issuedAt'], 'certificate.issuedAt') : null,
  };
}

function procedureKindOf(detail: Record<string, unknown> | null): string {
  const kind = detail?.['kind'];
  if (!SPECIAL_PROCEDURE_KINDS.has(kind)) throw new EventRefused('its special procedure is none of the contract');
  return kind as string;
}

function outcomeOf(detail: Record<string, unknown> | null): DecisionOutcome {
  const outcome = detail?.['outcome'];
  if (typeof outcome !== 'string' || !Object.hasOwn(DECISION_OUTCOMES, outcome))
    throw new EventRefused('its outcome is none of the contract');
  return outcome as DecisionOutcome;
}

function certificateNumber(kind: CheckedEvent['kind'], detail: Record<string, unknown> | null): string | null {
  const certificate = kind === 'DECIDED' ? (detail?.['certificate'] as Record<string, unknown> | null | undefined) : detail;
  if ((kind !== 'DECIDED' && kind !== 'CERTIFICATE_ISSUED') || certificate == null) return null;
  const { number } = certificate;
  if (typeof number !== 'string' || number === '' || number.length > 128)
    throw new EventRefused('its certificate has no number of at most 128 characters');
  return number;
}

/** @throws EventRefused when it is none, or none that every store can keep */
function instant(value: unknown, name: string): Date {
  const date = new Date(typeof value === 'string' ? value : Number.NaN);
  if (Number.isNaN(date.getTime()) || date.getTime() < 0 || date.getUTCFullYear() > 9998)
    throw new EventRefused(`its ${name} is no instant`);
  return date;
}

/** What a person wrote, cut where the ledger's column ends; the whole of it stays in `detail` and with the department. */
function text(value: unknown, most: number): string | null {
  return typeof value === 'string' && value !== '' ? Array.from(value).slice(0, most).join('') : null;
}
