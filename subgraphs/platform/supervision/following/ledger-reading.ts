import { randomUUID } from 'node:crypto';
import { loggableError } from '../../../kit/errors/loggable-error.js';
import { feedCursors } from '../../../kit/feed/feed-tables.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import { callSubgraph } from '../../../kit/server/call-subgraph.js';
import { PLATFORM } from '../platform-caller.js';
import type { Supervision } from '../supervision.js';

const PAGE = 'query LedgerIsRead($after: Cursor, $first: Int) { ledgerEventPage(after: $after, first: $first) { id } }';
/** Events asked for at a time. With as many unread it is behind, whatever came last. */
const MANY = 100;
/** Milliseconds after which what was last to be read, when it was looked, says nothing of now. */
const OLD = 30_000;
/** Milliseconds after which a ledger that is not read on is no reason to wait any longer. */
const STUCK = 60_000;
const TIMEOUT = 5_000;

export interface LedgerReadingOptions {
  readonly supervision: Supervision;
  readonly tokens: InternalTokens;
  readonly url: string;
  /** Under which the place in the ledger's feed is kept. */
  readonly source: string;
}

/**
 * Knows how far the ledger has been read, by whichever instance. After supervision was away, what fell due meanwhile may
 * long have been done: it must read of it before it says that it was not.
 */
export class LedgerReading {
  readonly #options: LedgerReadingOptions;
  #behind: { readonly cursor: string; readonly since: number } | undefined;
  /** The last event there was when it was looked for the first time. */
  #goal: { readonly id: string; readonly since: number } | undefined;

  constructor(options: LedgerReadingOptions) {
    this.#options = options;
  }

  /**
   * Whether everything is read that there was when this was first asked: of a ledger in which something happens all the time,
   * more than that never is. A ledger that does not answer, or that can't be read on for a minute, keeps nobody
   * waiting: limits run all the same, and what proves wrong is taken back.
   */
  async caughtUp(): Promise<boolean> {
    const { supervision, source } = this.#options;
    const saved = await supervision.store.fork().findOne(feedCursors, source);
    const cursor = saved?.cursor ?? '';
    const unread = await this.#unread(saved?.cursor);
    const now = performance.now();
    const goal = this.#goal !== undefined && now - this.#goal.since < OLD ? this.#goal : undefined;
    if (unread.length === 0 || (goal !== undefined && unread.length < MANY && !unread.includes(goal.id))) {
      this.#behind = undefined;
      this.#goal = undefined;
      return true;
    }
    const last = unread.length < MANY ? unread.at(-1) : undefined;
    this.#goal = goal ?? (last === undefined ? undefined : { id: last, since: now });
    if (this.#behind?.cursor !== cursor) this.#behind = { cursor, since: now };
    return now - this.#behind.since > STUCK;
  }

  /** The ids of the first {@link MANY} that are not read. */
  async #unread(after: string | undefined): Promise<readonly string[]> {
    const { supervision, tokens, url } = this.#options;
    const requestId = randomUUID();
    try {
      const { ledgerEventPage } = await callSubgraph<{ ledgerEventPage: { id: string }[] }>({
        url,
        authorization: await tokens.authorization('acceptance', { ...PLATFORM, requestId }),
        query: PAGE,
        variables: { after: after ?? null, first: MANY },
        requestId,
        timeout: TIMEOUT,
      });
      return ledgerEventPage.map(({ id }) => id);
    } catch (error) {
      supervision.log.warn({ err: loggableError(error) }, 'the ledger can not be asked whether there is more; going by what is known');
      return [];
    }
  }
}
