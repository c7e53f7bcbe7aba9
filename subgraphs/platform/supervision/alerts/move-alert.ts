import { LockMode } from '@mikro-orm/core';
import { auditSubject } from '../../../kit/audit/audit-entry.js';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Caller } from '../../../kit/identity/caller.js';
import { maySee } from '../access/sight.js';
import { type AlertRow, alerts } from '../store/tables.js';
import type { Supervision } from '../supervision.js';
import { AlertChanges, type AlertMove } from './alert-changes.js';
import { type PeoplesMove, requireMove, requireMover } from './allowed-moves.js';

/** Characters of what people write beside a move. */
const TEXT_LIMIT = 2_000;

export interface MoveRequest {
  readonly id: string;
  /** Of the alert as the caller read it. */
  readonly version: number;
  readonly text?: string;
}

/**
 * Moves an alert on, records by whom, and tells of it, or does nothing at all.
 * @param outcome what the move leads to, asked inside the transaction
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT, ALERT_NOT_FOUND, ALERT_MOVE_NOT_ALLOWED, CONFLICT when it
 * was changed since it was read
 */
export async function moveAlert(
  { store, feed, clock }: Pick<Supervision, 'store' | 'feed' | 'clock'>,
  caller: Caller,
  move: PeoplesMove,
  request: MoveRequest,
  outcome: (row: AlertRow, now: Date) => Pick<AlertMove, 'kind' | 'to' | 'dueAt'>,
): Promise<AlertRow> {
  requireMover(caller, move);
  const text = writtenText(request.text);
  return feed.transaction(store.fork(), async (tx, append) => {
    const row = await tx.findOne(alerts, request.id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (row === null || row.id !== request.id || !maySee(caller, row.departmentCode))
      throw new CataloguedError('ALERT_NOT_FOUND', 'id is no alert that you may see', { field: 'id' });
    const role = requireMove(caller, move, row);
    if (row.version !== request.version) {
      throw new CataloguedError('CONFLICT', `the alert was changed since version ${request.version} was read; read it again`, {
        version: row.version,
      });
    }
    const changes = new AlertChanges(tx, clock());
    const { dueAt = null, ...moved } = outcome(row, changes.now);
    if (dueAt !== null) row.orderDueAt = dueAt;
    changes.move(row, { ...moved, dueAt, actor: auditSubject(caller.subject), role, ...(text !== undefined && { text }) });
    await tx.flush();
    await changes.flush(append);
    return row;
  });
}

/** @throws CataloguedError BAD_USER_INPUT */
function writtenText(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const written = text.trim();
  if (written === '' || written.length > TEXT_LIMIT || !written.isWellFormed())
    throw new CataloguedError('BAD_USER_INPUT', `the text must have 1 to ${TEXT_LIMIT} characters`);
  return written;
}
