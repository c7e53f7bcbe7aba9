import { type Client, createClient, type FormattedExecutionResult, MessageType } from 'graphql-ws';
import { type ClientOptions, WebSocket } from 'ws';
import { AddressTurn } from '../server/address-list.js';
import type { FeedSource, SourceEvent } from './consumer.js';

/** Milliseconds between pings, and how long an answer may take: a peer that hangs without closing is noticed within their sum. */
const PING_INTERVAL = 10_000;
const PONG_TIMEOUT = 5_000;
/** Milliseconds for the connection, and again for its acknowledgement. */
const CONNECT_TIMEOUT = 10_000;

/** Gives up connecting to whoever accepts and then says nothing; graphql-ws' client passes no options itself. */
class ImpatientWebSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[], options?: ClientOptions) {
    super(url, protocols, { ...options, handshakeTimeout: CONNECT_TIMEOUT });
  }
}

export interface GraphQLSourceOptions {
  name: string;
  /**
   * The publisher's graphql-transport-ws endpoint, asked for at each connection since it may move. Of several instances'
   * (see {@link AddressTurn}) the next one is gone to when a connection ends.
   */
  url: () => string;
  /** A subscription with one root field and a variable `$after`. */
  query: string;
  variables?: Record<string, unknown>;
  /** A fresh `authorization` for each connection. */
  authorization: () => Promise<string>;
  /** Called when the publisher has accepted a connection, whether or not an event follows. */
  onConnected?: () => void;
  pingInterval?: number;
  pongTimeout?: number;
}

/** Reads the feed of a subgraph over graphql-transport-ws. */
export function graphqlSource<E extends SourceEvent>(options: GraphQLSourceOptions): FeedSource<E> {
  const turn = new AddressTurn();
  return {
    name: options.name,
    open(after) {
      const seen = { connected: false, received: 0, taken: 0 };
      const client = connect({ ...options, url: () => turn.of(options.url()) }, seen);
      const stream = client.iterate<Record<string, E>>({ query: options.query, variables: { ...options.variables, after: after ?? null } });
      let ended = false;
      const close = async (): Promise<IteratorResult<E, undefined>> => {
        if (!ended) turn.next();
        ended = true;
        await stream.return?.();
        try {
          await client.dispose();
        } catch {
          // it was still connecting, and could not: there is nothing to close
        }
        return { value: undefined, done: true };
      };
      return {
        [Symbol.asyncIterator]() {
          return this;
        },
        get connected() {
          return seen.connected;
        },
        get waiting() {
          return seen.received - seen.taken;
        },
        async next() {
          try {
            const step = await stream.next();
            if (step.done === true) return await close();
            seen.taken++;
            return { value: eventOf<E>(options.name, step.value), done: false };
          } catch (error) {
            await close();
            throw readable(options.name, error);
          }
        },
        return: close,
      };
    },
  };
}

function connect(
  { url, authorization, onConnected, pingInterval = PING_INTERVAL, pongTimeout = PONG_TIMEOUT }: GraphQLSourceOptions,
  seen: { connected: boolean; received: number },
): Client {
  let socket: WebSocket | undefined;
  let overdue: NodeJS.Timeout | undefined;
  return createClient({
    url,
    webSocketImpl: ImpatientWebSocket,
    connectionAckWaitTimeout: CONNECT_TIMEOUT,
    connectionParams: async () => ({ authorization: await authorization() }),
    retryAttempts: 0,
    keepAlive: pingInterval,
    on: {
      opened: (opened) => {
        socket = opened as WebSocket;
      },
      connected: () => {
        seen.connected = true;
        onConnected?.();
      },
      message: ({ type }) => {
        if (type === MessageType.Next) seen.received++;
      },
      ping: (received) => {
        if (!received) overdue = setTimeout(() => socket?.terminate(), pongTimeout);
      },
      pong: (received) => {
        if (received) clearTimeout(overdue);
      },
      closed: () => {
        seen.connected = false;
        clearTimeout(overdue);
      },
    },
  });
}

function eventOf<E>(name: string, result: FormattedExecutionResult<Record<string, E>, unknown>): E {
  const [error] = result.errors ?? [];
  if (error !== undefined) throw new FeedSourceError(name, error.message, codeOf(error.extensions), error.extensions);
  const [event] = Object.values(result.data ?? {});
  if (event == null) throw new FeedSourceError(name, 'an event without data', undefined);
  return event;
}

/** A feed that refused or broke off, told without addresses or tokens. */
export class FeedSourceError extends Error {
  override readonly name = 'FeedSourceError';
  constructor(
    readonly source: string,
    reason: string,
    readonly code: string | undefined,
    /** As the publisher sent them. */
    readonly extensions: Readonly<Record<string, unknown>> = {},
  ) {
    super(`${source}: ${reason}`);
  }
}

function codeOf(extensions: unknown): string | undefined {
  const code = (extensions as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** graphql-ws rejects with a close event, an array of GraphQL errors or an Error. */
function readable(name: string, error: unknown): Error {
  if (error instanceof FeedSourceError) return error;
  if (Array.isArray(error)) {
    const [{ message, extensions } = {}] = error as { message?: unknown; extensions?: Record<string, unknown> | undefined }[];
    return new FeedSourceError(name, String(message), codeOf(extensions), extensions);
  }
  if (typeof error === 'object' && error !== null && 'code' in error && 'reason' in error) {
    return new FeedSourceError(name, `the connection closed (${String(error.code)})`, undefined);
  }
  return new FeedSourceError(name, 'the connection failed', undefined);
}
