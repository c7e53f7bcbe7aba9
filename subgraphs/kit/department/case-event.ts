import type { EventFeed, FeedEvent, NewEvent } from '../feed/event-feed.js';
import type { CaseStepRow, CertificateRow, DecisionRow, DeliveryRow, LimitExtensionRow, SpecialProcedureRow } from './store.js';
import { CaseEventKind } from './types/case-enums.js';
import type { CaseEvent } from './types/case-event.js';

/** What a move tells the platform: the kind and the one detail that it names. */
export interface CaseNews {
  readonly kind: CaseEventKind;
  readonly step?: CaseStepRow;
  readonly specialProcedure?: SpecialProcedureRow;
  readonly extension?: LimitExtensionRow;
  readonly decision?: DecisionRow;
  readonly certificate?: CertificateRow;
  readonly delivery?: DeliveryRow;
  /** What the event says besides, in words. */
  readonly note?: string;
}

/** The event as the feed keeps it: the detail as it was at that moment. */
export function newCaseEvent(departmentCode: string, caseNumber: string, { kind, note, ...detail }: CaseNews, occurredAt: Date): NewEvent {
  const payload = { ...detailOf(detail), ...(note !== undefined && { note }) };
  return { kind, scope: departmentCode, subject: caseNumber, payload, occurredAt };
}

function detailOf(detail: Omit<CaseNews, 'kind' | 'note'>): Record<string, unknown> {
  // rows are entities: JSON makes plain values of them, which no later change of the row reaches
  const plain = JSON.parse(JSON.stringify(detail)) as Record<string, Record<string, unknown>>;
  for (const row of Object.values(plain)) delete row['caseNumber'];
  return plain;
}

/** The event as the contract has it. */
export function caseEventOf(feed: EventFeed, event: FeedEvent): CaseEvent {
  return {
    ...(event.payload as Partial<CaseEvent>),
    id: event.id,
    cursor: feed.cursorOf(event),
    departmentCode: event.scope,
    caseNumber: event.subject,
    kind: CaseEventKind[event.kind as keyof typeof CaseEventKind],
    occurredAt: event.occurredAt,
  };
}
