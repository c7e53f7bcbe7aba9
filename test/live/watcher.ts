import { createClient as createSseClient } from 'graphql-sse';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Graph } from '../support/graph.js';

/** What the checker knows of an event. */
export interface SeenEvent {
  readonly id: string;
  readonly cursor: string;
  readonly kind: string;
  readonly departmentCode: string;
}

/** What a watcher wants, as the graph's filter and as the checker's own reading of it. */
export interface Interest {
  readonly name: string;
  readonly role: string;
  readonly filter: Readonly<Record<string, unknown>>;
  readonly wants: (event: SeenEvent) => boolean;
}

const QUERY = `subscription ($after: Cursor, $from: ProgressStart, $filter: CaseProgressFilter) {
  caseProgress(after: $after, from: $from, filter: $filter) { id cursor kind departmentCode case { number item { name } } }
}`;

interface Result {
  data?: { caseProgress: SeenEvent } | null | undefined;
}

/** One that is dropped before it is connected says so to nobody; graphql-ws' client has left it by then. */
class DroppedWebSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    this.on('error', () => {});
  }
}

/** Follows the progress of cases as a careful client does: after every end it subscribes again with its last cursor. */
export class ProgressWatcher implements AsyncDisposable {
  readonly seen: SeenEvent[] = [];
  /** How often it had to come back. */
  returns = 0;
  #open = true;
  #leave: (() => void) | undefined;
  #socket: WebSocket | undefined;
  readonly #done: Promise<void>;

  constructor(
    readonly graph: Graph,
    readonly interest: Interest,
    readonly protocol: 'websocket' | 'sse',
  ) {
    this.#done = this.#follow();
  }

  /** Drops the connection; it comes back by itself. */
  drop(): void {
    this.#leave?.();
  }

  /** Reads nothing for a while. */
  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  async #follow(): Promise<void> {
    while (this.#open) {
      await this.#subscribe().catch(() => {});
      this.returns++;
      if (this.#open) await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async #subscribe(): Promise<void> {
    const { role, filter } = this.interest;
    const authorization = `Bearer ${await this.graph.token(role)}`;
    const after = this.seen.at(-1)?.cursor;
    const variables = { filter, ...(after === undefined ? { from: 'START' } : { after }) };
    const ended = Promise.withResolvers<void>();
    let over = false;
    const sink = {
      next: ({ data }: Result) => {
        // an event that could not be completed has no cursor; it is asked for again, and what came right behind it, too
        if (over) return;
        over = data == null;
        if (data == null) ended.reject(new Error('an event without data'));
        else this.seen.push(data.caseProgress);
      },
      error: (error: unknown) => ended.reject(error instanceof Error ? error : new Error(JSON.stringify(error))),
      complete: () => ended.resolve(),
    };
    const dispose =
      this.protocol === 'sse' ? this.#overSse(authorization, variables, sink) : this.#overSocket(authorization, variables, sink);
    this.#leave = () => ended.resolve();
    if (!this.#open) ended.resolve();
    try {
      await ended.promise;
    } finally {
      sink.next = () => {};
      dispose();
    }
  }

  #overSse(
    authorization: string,
    variables: Record<string, unknown>,
    sink: { next(result: Result): void; error(error: unknown): void; complete(): void },
  ) {
    const client = createSseClient({ url: this.graph.url(), headers: { authorization }, retryAttempts: 0 });
    client.subscribe<Result['data'] & {}>({ query: QUERY, variables }, { ...sink, next: (result) => sink.next(result) });
    return () => client.dispose();
  }

  #overSocket(
    authorization: string,
    variables: Record<string, unknown>,
    sink: { next(result: Result): void; error(error: unknown): void; complete(): void },
  ) {
    const client = createClient({
      url: this.graph.url().replace(/^http/, 'ws'),
      webSocketImpl: DroppedWebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
      on: {
        opened: (socket) => {
          this.#socket = socket as WebSocket;
        },
      },
    });
    client.subscribe<Result['data'] & {}>({ query: QUERY, variables }, { ...sink, next: (result) => sink.next(result) });
    return () => client.terminate();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    this.#leave?.();
    await this.#done;
  }
}
