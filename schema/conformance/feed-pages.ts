import { CASE_EVENT_PAGE, type CaseEvent } from './client/documents.js';
import type { Session } from './session.js';
import { expectThat, Unmet } from './unmet.js';

/** The contract's default for `first`. */
const PAGE = 100;
/** A feed longer than this many pages is no test instance's. */
const MOST_PAGES = 2_000;

/** The feed of the department as pages. */
export class FeedPages {
  #end: string | undefined;

  constructor(private readonly session: Session) {}

  async page(after: string | undefined, first: number = PAGE): Promise<CaseEvent[]> {
    const { session } = this;
    const events = await session.data<CaseEvent[]>(CASE_EVENT_PAGE, { departmentCode: session.code, after: after ?? null, first });
    expectThat(Array.isArray(events), 'caseEventPage is no list', { found: events });
    return events;
  }

  /** Every event after a cursor, page after page until an empty one. @throws Unmet when a page does not go on from its cursor. */
  async after(after: string | undefined): Promise<CaseEvent[]> {
    const events: CaseEvent[] = [];
    const seen = new Set(after === undefined ? [] : [after]);
    let cursor = after;
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const page = await this.page(cursor);
      if (page.length === 0) return events;
      for (const event of page) {
        if (seen.has(event.cursor)) throw new Unmet('a page begins again before its `after`', { found: event.cursor });
        seen.add(event.cursor);
      }
      events.push(...page);
      cursor = page.at(-1)?.cursor;
    }
    throw new Unmet(`the feed is longer than ${MOST_PAGES * PAGE} events; run the suite against a test instance`);
  }

  /** The last cursor there is now; undefined while the feed is empty. */
  async end(): Promise<string | undefined> {
    const events = await this.after(this.#end);
    this.#end = events.at(-1)?.cursor ?? this.#end;
    return this.#end;
  }
}
