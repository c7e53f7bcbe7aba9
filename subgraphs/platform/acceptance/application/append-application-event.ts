import { randomUUID } from 'node:crypto';
import type { SqlEntityManager } from '@mikro-orm/sql';
import type { Append } from '../../../kit/feed/event-feed.js';
import { applicationEvents } from '../store/application-tables.js';
import type { ApplicationRow } from '../store/tables.js';
import type { ApplicationEventKind } from '../types/enums.js';

export interface NewApplicationEvent {
  kind: ApplicationEventKind;
  occurredAt: Date;
  /** See access/subject-key.ts; null for what happens by itself. */
  actor: string | null;
  noticeOrdinal?: number;
  complex?: boolean;
  /** Set on what the regulation calls an anomaly. */
  secondNotice?: boolean;
  late?: boolean;
}

/**
 * Adds to an application's history and tells of it in the ledger's feed, in the caller's transaction: subject is the
 * application's id, scope its department. Like a case's, the event names nobody.
 */
export async function appendApplicationEvent(
  tx: SqlEntityManager,
  append: Append,
  application: ApplicationRow,
  { kind, occurredAt, actor, ...more }: NewApplicationEvent,
): Promise<void> {
  const id = randomUUID();
  application.eventCount++;
  tx.create(applicationEvents, { applicationId: application.id, ordinal: application.eventCount, eventId: id, kind, occurredAt, actor });
  await append({
    id,
    kind,
    scope: application.departmentCode,
    subject: application.id,
    payload: {
      itemCode: application.itemCode,
      channel: application.channel,
      submittedAt: application.submittedAt.toISOString(),
      receivedAt: receivedAt(application).toISOString(),
      ...more,
    },
    occurredAt,
  });
}

/** When an application was received as it stands. */
export function receivedAt({ receivedAt, submittedAt }: Pick<ApplicationRow, 'receivedAt' | 'submittedAt'>): Date {
  return receivedAt ?? submittedAt;
}
