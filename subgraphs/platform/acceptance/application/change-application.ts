import { LockMode } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { Append } from '../../../kit/feed/event-feed.js';
import { deemAcceptedIfDue } from '../decision/deem-accepted.js';
import type { Ledger } from '../ledger.js';
import { type ApplicationRow, applications } from '../store/tables.js';

export type ApplicationChange<T> = (application: ApplicationRow, tx: SqlEntityManager, append: Append, at: Date) => Promise<T> | T;

/**
 * Changes an application and tells of it, both or neither. Whoever changes the same one waits for its row, and then sees
 * what was done. What nobody said anything about in time is deemed accepted first, even if the timer was asleep.
 * @throws CataloguedError APPLICATION_NOT_FOUND, and what `change` throws
 */
export async function changeApplication<T>(ledger: Ledger, id: string, change: ApplicationChange<T>): Promise<T> {
  await deemAcceptedIfDue(ledger, id);
  const at = ledger.clock();
  return ledger.feed.transaction(ledger.store.fork(), async (tx, append) => {
    const application = await tx.findOne(applications, id, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (application === null || application.id !== id) throw applicationNotFound();
    return change(application, tx, append, at);
  });
}

export function applicationNotFound(): CataloguedError {
  return new CataloguedError('APPLICATION_NOT_FOUND', 'applicationId is no application that you may see', { field: 'applicationId' });
}
