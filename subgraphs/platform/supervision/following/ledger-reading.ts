import { randomUUID } from 'node:crypto';
import { loggableError } from '../../../kit/errors/loggable-error.js';
import { feedCursors } from '../../../kit/feed/feed-tables.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import { callSubgraph } from '../../../kit/server/call-subgraph.js';
import { PLATFORM } from '../platform-caller.js';
import type { Supervision } from '../supervision.js';

const PAGE = 'query LedgerIsRead($after: Cursor) { ledgerEventPage(after: $after, first: 1) { id } }';
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

  constructor(options: LedgerReadingOptions) {
    this.#options = options;
  }

  /**
   * Whether nothing is left to be read. A ledger that does not answer, or that can't be read on for a minute, keeps nobody
   * waiting: limits run all the same, and what proves wrong is taken back.
   */
  async caughtUp(): Promise<boolean> {
    const { supervision, source } = this.#options;
    const saved = await supervision.store.fork().findOne(feedCursors, source);
    const cursor = saved?.cursor ?? '';
    if (!(await this.#hasMore(saved?.cursor))) {
      this.#behind = undefined;
      return true;
    }
    const now = performance.now();
    if (this.#behind?.cursor !== cursor) this.#behind = { cursor, since: now };
    return now - this.#behind.since > STUCK;
  }

  async #hasMore(after: string | undefined): Promise<boolean> {
    const { supervision, tokens, url } = this.#options;
    const requestId = randomUUID();
    try {
      const { ledgerEventPage } = await callSubgraph<{ ledgerEventPage: unknown[] }>({
        url,
        authorization: await tokens.authorization('acceptance', { ...PLATFORM, requestId }),
        query: PAGE,
        variables: { after: after ?? null },
        requestId,
        timeout: TIMEOUT,
      });
      return ledgerEventPage.length > 0;
    } catch (error) {
      supervision.log.warn({ err: loggableError(error) }, 'the ledger can not be asked whether there is more; going by what is known');
      return false;
    }
  }
}
