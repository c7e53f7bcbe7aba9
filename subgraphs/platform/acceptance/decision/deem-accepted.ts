import { LockMode } from '@mikro-orm/core';
import { appendApplicationEvent, receivedAt } from '../application/append-application-event.js';
import type { Ledger } from '../ledger.js';
import { caseDay } from '../rules/case-number.js';
import { applications } from '../store/tables.js';
import { openCaseCount } from './case-count.js';
import { openCase } from './open-case.js';

/** Who accepts what is deemed accepted: nobody. */
const BY_LAW = 'by-law';

/**
 * Accepts an application that nobody said anything about in time, as of the day it was received
 * (rules/deemed-acceptance.ts). Once, however many ask at the same moment.
 * @returns the number of the case it became now; undefined when there was nothing to do
 */
export async function deemAcceptedIfDue(ledger: Ledger, applicationId: string): Promise<string | undefined> {
  const { store, feed, clock } = ledger;
  const now = clock();
  const due = { id: applicationId, state: 'SUBMITTED' as const, deemedDueAt: { $lt: now } };
  const found = await store.fork().findOne(applications, due);
  if (found === null) return undefined;
  await openCaseCount(store, found.departmentCode, caseDay(receivedAt(found)));
  return feed.transaction(store.fork(), async (tx, append) => {
    const application = await tx.findOne(applications, due, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (application === null || application.deemedDueAt == null) return undefined;
    const occurredAt = application.deemedDueAt;
    await appendApplicationEvent(tx, append, application, { kind: 'APPLICATION_DEEMED_ACCEPTED', occurredAt, actor: null });
    const opening = { acceptedAt: receivedAt(application), recordedAt: now, acceptedBy: BY_LAW };
    const { number } = await openCase(tx, append, ledger, application, opening);
    return number;
  });
}
