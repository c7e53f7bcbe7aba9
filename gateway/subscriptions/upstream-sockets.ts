import { type Client, createClient, type SubscribePayload } from 'graphql-ws';
import { type ClientOptions, WebSocket } from 'ws';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { AddressTurn } from '../../subgraphs/kit/server/address-list.js';
import type { SubgraphError, SubgraphResponse } from '../execution/subgraph-fetch.js';
import type { Endpoint } from '../fetching/endpoints.js';

/** What happens on one upstream subscription. Exactly one of `errors`, `complete` and `lost` ends it, unless it is released first. */
export interface UpstreamSink {
  /** The subgraph has accepted the connection it goes over. */
  connected?(): void;
  /** @param bytes of the message it came in. */
  next(event: SubgraphResponse, bytes: number): void;
  /** The subgraph refused it or ended it with errors. */
  errors(errors: readonly SubgraphError[]): void;
  /** The subgraph has no more events. */
  complete(): void;
  /** There is no connection, or (`wasConnected`) no longer. */
  lost(wasConnected: boolean): void;
}

export interface UpstreamSocketsOptions {
  readonly internalTokens?: InternalTokens | undefined;
  /** Milliseconds between pings; a peer that leaves one unanswered as long again is dead. */
  readonly keepAliveMs?: number;
}

const MAX_EVENT_SIZE = 16 * 1_048_576;
const CONNECT_TIMEOUT = 5_000;

/** Bounds what a subgraph may send and how long connecting may take; graphql-ws' client passes no options itself. */
class BoundedWebSocket extends WebSocket {
  /** Bytes of the last message. */
  lastSize = 0;

  constructor(url: string | URL, protocols?: string | string[], options?: ClientOptions) {
    super(url, protocols, { ...options, maxPayload: MAX_EVENT_SIZE, handshakeTimeout: CONNECT_TIMEOUT });
    // before graphql-ws listens, so that the size is known when it has parsed the message
    this.on('message', (data: Buffer) => {
      this.lastSize = data.length;
    });
  }
}

/**
 * Sockets to subgraphs. A socket carries the identity it was opened with, so there is one per endpoint and caller; it
 * closes with its last subscription.
 */
export class UpstreamSockets implements AsyncDisposable {
  readonly #options: UpstreamSocketsOptions;
  readonly #sockets = new Map<string, UpstreamSocket>();
  /** Which of several instances is followed, by their addresses. */
  readonly #turns = new Map<string, AddressTurn>();

  constructor(options: UpstreamSocketsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** Returns what releases the subscription, at once and telling the sink nothing. */
  subscribe(endpoint: Endpoint, caller: Caller, payload: SubscribePayload, sink: UpstreamSink): () => void {
    const key = JSON.stringify([endpoint.subscriptionUrl, endpoint.audience, caller.subject, caller.roles]);
    let socket = this.#sockets.get(key);
    if (socket === undefined) {
      const turn = this.#turnOf(endpoint.subscriptionUrl);
      const subscriptionUrl = turn.of(endpoint.subscriptionUrl);
      const opened = new UpstreamSocket({ ...endpoint, subscriptionUrl }, caller, this.#options, () => {
        if (this.#sockets.get(key) !== opened) return;
        this.#sockets.delete(key);
        // the next one goes elsewhere, unless another socket has been there already
        if (turn.of(endpoint.subscriptionUrl) === subscriptionUrl) turn.next();
      });
      this.#sockets.set(key, opened);
      socket = opened;
    }
    return socket.subscribe(payload, sink);
  }

  #turnOf(addresses: string): AddressTurn {
    let turn = this.#turns.get(addresses);
    if (turn === undefined) {
      turn = new AddressTurn();
      this.#turns.set(addresses, turn);
    }
    return turn;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.values()) socket.terminate();
    this.#sockets.clear();
  }
}

class UpstreamSocket {
  readonly #client: Client;
  readonly #forget: () => void;
  readonly #live = new Set<() => void>();
  readonly #sinks = new Set<UpstreamSink>();
  #connected = false;
  #socket: BoundedWebSocket | undefined;

  constructor(
    { subscriptionUrl, audience }: Endpoint,
    caller: Caller,
    { internalTokens, keepAliveMs = 10_000 }: UpstreamSocketsOptions,
    forget: () => void,
  ) {
    this.#forget = forget;
    let pong: NodeJS.Timeout | undefined;
    this.#client = createClient({
      url: subscriptionUrl,
      webSocketImpl: BoundedWebSocket,
      // a connection that is lost is never silently replaced: what was published meanwhile would be missing
      retryAttempts: 0,
      connectionAckWaitTimeout: CONNECT_TIMEOUT,
      keepAlive: keepAliveMs,
      connectionParams: async () => {
        const authorization = await internalTokens?.authorization(audience, caller);
        return { requestId: caller.requestId, ...(authorization !== undefined && { authorization }) };
      },
      on: {
        opened: (socket) => {
          this.#socket = socket as BoundedWebSocket;
        },
        connected: () => {
          this.#connected = true;
          for (const sink of this.#sinks) sink.connected?.();
        },
        ping: (received) => {
          if (!received) pong = setTimeout(() => this.#client.terminate(), keepAliveMs);
        },
        pong: (received) => {
          if (received) clearTimeout(pong);
        },
        closed: () => {
          clearTimeout(pong);
          this.#lose();
        },
      },
    });
  }

  subscribe(payload: SubscribePayload, sink: UpstreamSink): () => void {
    let open = true;
    const settle = (tell: () => void) => {
      if (!open) return;
      open = false;
      this.#live.delete(lose);
      this.#sinks.delete(sink);
      if (this.#live.size === 0) this.#forget();
      tell();
    };
    const lose = () => {
      settle(() => sink.lost(this.#connected));
      unsubscribe();
    };
    this.#live.add(lose);
    this.#sinks.add(sink);
    if (this.#connected) sink.connected?.();
    const unsubscribe = this.#client.subscribe(payload, {
      next: (event) => {
        if (open) sink.next(event, this.#socket?.lastSize ?? 0);
      },
      error: (error) => {
        if (Array.isArray(error)) settle(() => sink.errors(error as SubgraphError[]));
        else settle(() => sink.lost(this.#connected));
      },
      complete: () => settle(() => sink.complete()),
    });
    return () => {
      settle(() => {});
      unsubscribe();
    };
  }

  /** Every subscription ends with its connection, however that was closed; also before graphql-ws would reconnect on a normal close. */
  #lose(): void {
    this.#forget();
    for (const lose of this.#live) lose();
  }

  terminate(): void {
    this.#client.terminate();
    this.#lose();
  }
}
