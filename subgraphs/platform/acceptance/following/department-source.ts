import { createHash, randomUUID } from 'node:crypto';
import type { FeedSource, FeedStream } from '../../../kit/feed/consumer.js';
import { graphqlSource } from '../../../kit/feed/graphql-source.js';
import type { InternalTokens } from '../../../kit/identity/internal-tokens.js';
import { PLATFORM } from '../platform-caller.js';
import { CASE_EVENT_FIELDS, type DepartmentEvent } from './department-event.js';
import { pageSource } from './page-source.js';

const SUBSCRIPTION = `subscription CaseEvents($departmentCode: ID!, $after: Cursor) {
  caseEvents(departmentCode: $departmentCode, after: $after) { ${CASE_EVENT_FIELDS} }
}`;
const PAGE = `query CaseEventPage($departmentCode: ID!, $after: Cursor) {
  caseEventPage(departmentCode: $departmentCode, after: $after, first: 100) { ${CASE_EVENT_FIELDS} }
}`;

/** When a department's socket is given up for its pages, and tried again. Milliseconds, but for `attempts`. */
export interface SocketPatience {
  /** Failures in a row after which pages are read instead. */
  readonly attempts: number;
  /** How long a connection may take. */
  readonly connecting: number;
  /** How long a connection must hold to count as usable, when no event comes over it. */
  readonly settled: number;
  readonly pollInterval: number;
  /** Between pings, and how long an answer may take: one that hangs is noticed within their sum. See graphqlSource. */
  readonly pingInterval?: number;
  readonly pongTimeout?: number;
  /** How long pages are read before the socket is tried again. */
  readonly polling: number;
}

export interface DepartmentSourceOptions {
  departmentCode: string;
  addresses: () => { url: string; subscriptionUrl: string };
  tokens: InternalTokens;
  patience: SocketPatience;
  /** Called each time the department answers after it did not. */
  onConnected: () => void;
}

/**
 * A department's event feed: over a socket where that works, else by pages, going back to the socket later. Proxies that
 * break sockets are common enough that a department must not be lost for one.
 */
export class DepartmentSource implements FeedSource<DepartmentEvent> {
  readonly name: string;
  readonly #socket: FeedSource<DepartmentEvent>;
  readonly #pages: FeedSource<DepartmentEvent>;
  readonly #patience: SocketPatience;
  #failures = 0;
  #socketAgainAt = 0;
  #stream: SourceStream | undefined;

  constructor({ departmentCode, addresses, tokens, patience, onConnected }: DepartmentSourceOptions) {
    this.name = `department:${departmentCode}`;
    this.#patience = patience;
    const authorization = () => tokens.authorization(departmentCode, { ...PLATFORM, requestId: randomUUID() });
    const common = { name: this.name, variables: { departmentCode }, authorization };
    this.#socket = graphqlSource<DepartmentEvent>({
      ...common,
      url: () => addresses().subscriptionUrl,
      query: SUBSCRIPTION,
      ...(patience.pingInterval !== undefined && { pingInterval: patience.pingInterval }),
      ...(patience.pongTimeout !== undefined && { pongTimeout: patience.pongTimeout }),
      onConnected: () => {
        this.#stream?.answered();
        onConnected();
      },
    });
    this.#pages = pageSource<DepartmentEvent>({
      ...common,
      url: () => addresses().url,
      query: PAGE,
      pollInterval: patience.pollInterval,
      endsAfter: patience.polling,
      onConnected,
    });
  }

  /** Whether pages are read at the moment. */
  get polling(): boolean {
    return this.#failures >= this.#patience.attempts && Date.now() < this.#socketAgainAt;
  }

  /** Ends the present connection, so that the next one goes to the address of now. */
  reconnect(): void {
    this.#failures = 0;
    void this.#stream?.return();
  }

  open(after: string | undefined): FeedStream<DepartmentEvent> {
    if (this.polling) {
      this.#stream = new SourceStream(this.#pages.open(after));
      return this.#stream;
    }
    const stream = new SourceStream(this.#socket.open(after), this.#patience, (usable) => this.#socketEnded(usable));
    this.#stream = stream;
    return stream;
  }

  #socketEnded(usable: boolean): void {
    this.#failures = usable ? 0 : this.#failures + 1;
    if (this.#failures >= this.#patience.attempts) this.#socketAgainAt = Date.now() + this.#patience.polling;
  }
}

/** One connection: watches whether it was of any use, and closes at once. */
class SourceStream implements FeedStream<DepartmentEvent> {
  #usable = false;
  #ended = false;
  #closing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly inner: FeedStream<DepartmentEvent>,
    readonly patience?: SocketPatience,
    readonly onEnd?: (usable: boolean) => void,
  ) {
    if (patience !== undefined) this.#timer = setTimeout(() => void this.#close(), patience.connecting);
  }

  get connected(): boolean {
    return !this.#ended && this.inner.connected === true;
  }

  get waiting(): number {
    return this.inner.waiting ?? 0;
  }

  /** The connection is made; now it has to hold. */
  answered(): void {
    clearTimeout(this.#timer);
    if (this.#ended || this.patience === undefined) return;
    this.#timer = setTimeout(() => {
      this.#usable = true;
    }, this.patience.settled);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<DepartmentEvent, undefined>> {
    try {
      const step = await this.inner.next();
      if (step.done === true) return this.#end();
      this.#usable = true;
      clearTimeout(this.#timer);
      return { value: { ...step.value, id: storableId(step.value.id) }, done: false };
    } catch (error) {
      this.#end();
      throw error;
    }
  }

  /** Closed by whoever reads it: says nothing about the socket. */
  async return(): Promise<IteratorResult<DepartmentEvent, undefined>> {
    this.#closing = true;
    return this.#close();
  }

  async #close(): Promise<IteratorResult<DepartmentEvent, undefined>> {
    const ended = this.#end();
    await this.inner.return?.();
    return ended;
  }

  #end(): IteratorResult<DepartmentEvent, undefined> {
    clearTimeout(this.#timer);
    if (!this.#ended && !this.#closing) this.onEnd?.(this.#usable);
    this.#ended = true;
    return { value: undefined, done: true };
  }
}

/** Ids longer than the ledger's column are kept as their digest: still unique, still the same for a repeat. */
function storableId(id: string): string {
  return id.length <= 64 ? id : createHash('sha256').update(id).digest('hex');
}
