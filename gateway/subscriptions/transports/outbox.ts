/** Where bytes go; what Node's sockets and HTTP responses are. */
export interface Outlet {
  /** False when no more should be written before `drain`. */
  write(chunk: string, encoding: 'latin1'): boolean;
}

export interface OutboxLimits {
  /** Results that may wait for one subscription. */
  readonly count: number;
  /** Bytes that may wait for one subscription. */
  readonly bytes: number;
}

/** What waits for one subscription. */
export interface OutboxShare {
  count: number;
  bytes: number;
}

export const emptyShare = (): OutboxShare => ({ count: 0, bytes: 0 });

/** How many times a subscription's limits what belongs to none may take. */
const UNSHARED = 16;

interface Waiting {
  readonly chunk: string;
  readonly share: OutboxShare;
  readonly results: number;
}

/**
 * What one connection is sent. A connection that takes what it is given costs one write per chunk and nothing here; for
 * one that does not, chunks wait up to a limit per subscription. Chunks that wait share their text with those of other
 * connections.
 */
export class Outbox {
  readonly #outlet: Outlet;
  readonly #limits: OutboxLimits;
  readonly #onOverflow: () => void;
  readonly #onDepth: (change: number) => void;
  #waiting: Waiting[] | undefined;
  readonly #unshared = emptyShare();
  #closed = false;

  /**
   * @param onOverflow called once, when a subscription's limit is passed; the outbox takes and sends nothing more then.
   * @param onDepth told how many more, or fewer, chunks wait.
   */
  constructor(outlet: Outlet, limits: OutboxLimits, onOverflow: () => void, onDepth: (change: number) => void) {
    this.#outlet = outlet;
    this.#limits = limits;
    this.#onOverflow = onOverflow;
    this.#onDepth = onDepth;
  }

  /** True until the outlet takes more. */
  get congested(): boolean {
    return this.#waiting !== undefined;
  }

  get waiting(): number {
    return this.#waiting?.length ?? 0;
  }

  /**
   * Sends, or keeps for later. `chunk` holds one byte per character, and so many results of the share. What has no share
   * (answers, pongs) counts for the connection, which may keep more of it: a single answer can be large.
   */
  send(chunk: string, share?: OutboxShare, results = 0): void {
    if (this.#closed) return;
    if (this.#waiting === undefined) {
      if (!this.#outlet.write(chunk, 'latin1')) this.#waiting = [];
      return;
    }
    const room = share === undefined ? UNSHARED : 1;
    const counted = share ?? this.#unshared;
    counted.count += share === undefined ? 1 : results;
    counted.bytes += chunk.length;
    if (counted.count > this.#limits.count * room || counted.bytes > this.#limits.bytes * room) {
      this.close();
      this.#onOverflow();
      return;
    }
    this.#waiting.push({ chunk, share: counted, results: share === undefined ? 1 : results });
    this.#onDepth(1);
  }

  /** The outlet takes more again. */
  drained(): void {
    const waiting = this.#waiting;
    if (waiting === undefined || this.#closed) return;
    let sent = 0;
    let open = true;
    while (open && sent < waiting.length) {
      const { chunk, share, results } = waiting[sent] as Waiting;
      sent++;
      share.count -= results;
      share.bytes -= chunk.length;
      open = this.#outlet.write(chunk, 'latin1');
    }
    this.#onDepth(-sent);
    this.#waiting = open ? undefined : waiting.slice(sent);
  }

  /** Drops what waits; nothing is sent any more. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onDepth(-this.waiting);
    this.#waiting = undefined;
  }
}
