import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Append } from '../../../kit/feed/event-feed.js';
import { type CaseRow, progress } from '../store/tables.js';
import type { CaseProgressKind } from '../types/enums.js';

/** Something that happened to a case. */
export interface NewProgress {
  /** Of the ledger's own event. */
  id: string;
  kind: CaseProgressKind;
  occurredAt: Date;
  recordedAt: Date;
  sourceEventId?: string;
  stepCode?: string | null;
  stepName?: string | null;
  handler?: string | null;
  note?: string | null;
  detail?: Record<string, unknown> | null;
}

/**
 * Adds to a case's timeline and tells of it in the ledger's feed, in the caller's transaction. The stage must have been
 * set before. The feed says only what happened to which case: what may name people stays in the timeline.
 */
export async function appendProgress(
  tx: SqlEntityManager,
  append: Append,
  row: CaseRow,
  entry: NewProgress,
  more: Record<string, unknown> = {},
): Promise<void> {
  row.progressCount++;
  tx.create(progress, {
    caseNumber: row.number,
    ordinal: row.progressCount,
    eventId: entry.id,
    sourceEventId: entry.sourceEventId ?? null,
    departmentCode: row.departmentCode,
    kind: entry.kind,
    occurredAt: entry.occurredAt,
    recordedAt: entry.recordedAt,
    stage: row.stage,
    stepCode: entry.stepCode ?? null,
    stepName: entry.stepName ?? null,
    handler: entry.handler ?? null,
    note: entry.note ?? null,
    detail: entry.detail ?? null,
  });
  await append({
    id: entry.id,
    kind: entry.kind,
    scope: row.departmentCode,
    subject: row.number,
    payload: { stage: row.stage, itemCode: row.itemCode, ordinal: row.progressCount, ...more },
    occurredAt: entry.occurredAt,
  });
}
