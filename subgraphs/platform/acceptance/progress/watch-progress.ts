import { CataloguedError } from '../../../kit/errors/catalogued-error.js';
import type { EventFeed, FeedEvent, FeedFilter } from '../../../kit/feed/event-feed.js';
import type { Caller } from '../../../kit/identity/caller.js';
import { departmentsOf, isApplicantOf, maySee, requireIdentity, sightOf } from '../access/row-guard.js';
import type { Ledger } from '../ledger.js';
import { isCaseEvent } from '../ledger-events/kinds.js';
import type { ProgressStart } from '../types/enums.js';
import type { CaseProgressFilter } from '../types/inputs.js';

export interface ProgressWatch {
  after?: string | null | undefined;
  from?: ProgressStart | null | undefined;
  departmentCode?: string | null | undefined;
  caseNumber?: string | null | undefined;
  filter?: CaseProgressFilter | null | undefined;
}

/**
 * Stored events after the start, then live ones, no gap, no repeat, in order; of the cases the caller may see alone.
 * It starts after `after`; without it, where `from` says; without both, at the first event of a single case, and now
 * when several cases are watched.
 * @throws CataloguedError UNAUTHENTICATED, FORBIDDEN for a department that is not the caller's, CASE_NOT_FOUND,
 * CURSOR_INVALID, CURSOR_FOREIGN, CURSOR_AHEAD, CURSOR_EXPIRED
 */
export async function watchProgress(ledger: Ledger, caller: Caller, watch: ProgressWatch): Promise<AsyncIterableIterator<FeedEvent>> {
  requireIdentity(caller);
  const { feed, owners } = ledger;
  const scope = scopeOf(caller, watch);
  if (watch.caseNumber != null) {
    const owner = await owners.of(watch.caseNumber);
    if (owner === undefined || !maySee(caller, owner) || (scope !== undefined && owner.departmentCode !== scope)) {
      throw new CataloguedError('CASE_NOT_FOUND', 'caseNumber is no case that you may see', { field: 'caseNumber' });
    }
  }
  const mine = watch.filter?.mine === true;
  const follower = await feed.follow({
    after: watch.after ?? (await startOfProgress(feed, watch)),
    filter: { scope, subject: watch.caseNumber ?? undefined, accepts: acceptsOf(watch.filter) },
  });
  // everybody who sees all sees all of it, and a single case was looked at above
  if (!mine && (sightOf(caller) === 'ALL' || watch.caseNumber != null)) return follower;
  return new GuardedEvents(follower, async ({ subject }) => {
    const owner = await owners.of(subject);
    return owner !== undefined && (mine ? isApplicantOf(caller, owner) : maySee(caller, owner));
  });
}

/** The cursor after which a watch without `after` begins. */
export async function startOfProgress(feed: EventFeed, { from, caseNumber }: Pick<ProgressWatch, 'from' | 'caseNumber'>): Promise<string> {
  const start = from ?? (caseNumber == null ? 'NOW' : 'START');
  return start === 'NOW' ? feed.end() : feed.start();
}

/** Decides from the event alone, before anything is loaded for it. */
function acceptsOf(filter: CaseProgressFilter | null | undefined): FeedFilter['accepts'] {
  const tests: ((event: FeedEvent) => boolean)[] = [isCaseEvent];
  const among = (wanted: readonly unknown[] | null | undefined, valueOf: (event: FeedEvent) => unknown) => {
    if (wanted == null) return;
    const set = new Set(wanted);
    tests.push((event) => set.has(valueOf(event)));
  };
  among(filter?.departmentCodes, ({ scope }) => scope);
  among(filter?.itemCodes, ({ payload }) => payload['itemCode']);
  among(filter?.stages, ({ payload }) => payload['stage']);
  among(filter?.kinds, ({ kind }) => kind);
  return (event) => tests.every((test) => test(event));
}

/** The one department to be watched, if it is one. */
function scopeOf(caller: Caller, { departmentCode }: ProgressWatch): string | undefined {
  const sight = sightOf(caller);
  const own = departmentsOf(caller);
  const officerOnly = sight !== 'ALL' && own.length > 0 && !caller.roles.includes('applicant');
  if (departmentCode == null) return officerOnly && own.length === 1 ? own[0] : undefined;
  if (officerOnly && !own.includes(departmentCode)) {
    throw new CataloguedError('FORBIDDEN', 'departmentCode is not your department', { field: 'departmentCode' });
  }
  return departmentCode;
}

/** Passes only what its reader may see. Written by hand, so that leaving takes effect while an event is awaited. */
class GuardedEvents implements AsyncIterableIterator<FeedEvent, undefined> {
  constructor(
    readonly events: AsyncIterator<FeedEvent>,
    readonly maySee: (event: FeedEvent) => Promise<boolean>,
  ) {}

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<FeedEvent, undefined>> {
    for (;;) {
      const step = await this.events.next();
      if (step.done === true) return { value: undefined, done: true };
      if (await this.maySee(step.value)) return { value: step.value, done: false };
    }
  }

  async return(): Promise<IteratorResult<FeedEvent, undefined>> {
    await this.events.return?.();
    return { value: undefined, done: true };
  }
}
