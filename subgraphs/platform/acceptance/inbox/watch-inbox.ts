import type { FeedEvent } from '../../../kit/feed/event-feed.js';
import { type Caller, hasRole } from '../../../kit/identity/caller.js';
import { departmentsOf, isApplicantOf, requireIdentity } from '../access/row-guard.js';
import type { Ledger } from '../ledger.js';
import { isCaseEvent } from '../ledger-events/kinds.js';
import { applications } from '../store/tables.js';

/**
 * The ledger's events that may change a caller's inboxes, each once it has changed them. Without `after` from now on.
 * @throws CataloguedError UNAUTHENTICATED, CURSOR_INVALID, CURSOR_FOREIGN, CURSOR_AHEAD
 */
export async function watchInbox(
  ledger: Ledger,
  caller: Caller,
  after: string | null | undefined,
): Promise<AsyncIterableIterator<FeedEvent>> {
  requireIdentity(caller);
  const { feed } = ledger;
  const events = await feed.follow({ after: after ?? (await feed.end()), filter: { accepts: isInboxEvent } });
  return new InboxEvents(events, ledger, caller);
}

function isInboxEvent(event: FeedEvent): boolean {
  return isCaseEvent(event) || event.kind.startsWith('APPLICATION_');
}

/** Written by hand, so that leaving takes effect while an event is awaited. */
class InboxEvents implements AsyncIterableIterator<FeedEvent, undefined> {
  constructor(
    readonly events: AsyncIterator<FeedEvent>,
    readonly ledger: Ledger,
    readonly caller: Caller,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FeedEvent, undefined>> {
    for (;;) {
      const step = await this.events.next();
      if (step.done === true) return { value: undefined, done: true };
      if (!(await this.#concerns(step.value))) continue;
      await this.ledger.inbox.passed(step.value.position);
      return { value: step.value, done: false };
    }
  }

  async return(): Promise<IteratorResult<FeedEvent, undefined>> {
    await this.events.return?.();
    return { value: undefined, done: true };
  }

  async #concerns({ kind, scope, subject }: FeedEvent): Promise<boolean> {
    const { caller, ledger } = this;
    const ofApplication = kind.startsWith('APPLICATION_');
    if (hasRole(caller, 'window') && (ofApplication || kind === 'ACCEPTED')) return true;
    if (!ofApplication && departmentsOf(caller).includes(scope)) return true;
    if (!hasRole(caller, 'applicant') || (!ofApplication && kind !== 'ACCEPTED')) return false;
    if (!ofApplication) {
      const owner = await ledger.owners.of(subject);
      return owner !== undefined && isApplicantOf(caller, owner);
    }
    const row = await ledger.store.fork().findOne(applications, subject, { fields: ['departmentCode', 'applicantSubject'] });
    return row !== null && isApplicantOf(caller, { departmentCode: row.departmentCode, applicantSubject: row.applicantSubject ?? null });
  }
}
