import type { IncomingMessage, Server } from 'node:http';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import { isAccident } from '../errors/client-error.js';
import type { Logger } from '../observability/logger.js';
import type { ClientIdentity, EstablishedIdentity } from '../security/client-identity.js';
import { requestIdOf } from '../server/request-context.js';
import type { SocketOperations } from './socket-operations.js';
import { toldErrors } from './told-errors.js';

/** RFC 6455 registry: the server restarts, connect again. */
const SERVICE_RESTART = 1012;
/** setTimeout takes no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

export interface SocketServerOptions {
  readonly server: Server;
  readonly identity: ClientIdentity;
  readonly operations: SocketOperations;
  readonly logger: Logger;
  /** Bytes of one message. */
  readonly maxMessageSize: number;
  /** Milliseconds between pings; a client that leaves one unanswered as long again is dead. */
  readonly keepAliveMs?: number | undefined;
}

/** What is known of one connection. */
export interface Connection {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Aborts when the connection closes. */
  readonly closed: AbortSignal;
  identity?: EstablishedIdentity;
}

/** Serves graphql-transport-ws at `/graphql`, on the HTTP server's own port. */
export function serveSockets({
  server,
  identity,
  operations,
  logger,
  maxMessageSize,
  keepAliveMs = 12_000,
}: SocketServerOptions): AsyncDisposable {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: maxMessageSize, handleProtocols });
  const protocol = makeServer<Record<string, unknown>, Connection & Record<PropertyKey, unknown>>({
    async onConnect({ connectionParams, extra }) {
      try {
        extra.identity = await identity.establish(authorizationOf(connectionParams, extra.request), requestIdOf(extra.request.headers));
        closeOnExpiry(extra, extra.identity.expiresAt);
        return true;
      } catch (error) {
        // an accident of ours is no verdict on the client's token
        if (isAccident(error)) throw error;
        extra.socket.close(CloseCode.Unauthorized, 'UNAUTHENTICATED');
        return false;
      }
    },
    onSubscribe: ({ extra }, _id, payload) => operations.prepare(extra, payload),
    execute: (args) => operations.execute(args),
    subscribe: (args) => operations.subscribe(args),
    onNext: (_context, _id, _payload, { contextValue }, result) => operations.shape(contextValue, result),
    onError: (_context, _id, _payload, errors) => toldErrors(errors, logger),
  });

  // the HTTP server's errors come by here too; whoever makes it listen hears of them there
  sockets.on('error', (error) => logger.debug({ reason: error.message }, 'the server of sockets failed'));
  sockets.on('connection', (socket, request) => {
    const gone = new AbortController();
    const extra: Connection = { socket, request, closed: gone.signal };
    // a broken frame or an oversized message; `close` follows
    socket.on('error', (error) => logger.debug({ reason: error.message }, 'a client socket failed'));
    const stopPinging = keepAlive(socket, keepAliveMs);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => sendFrame(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage(handle) {
          socket.on('message', (data: Buffer) => {
            handle(data.toString()).catch((error: unknown) => {
              if (gone.signal.aborted) return;
              logger.error({ err: error }, 'handling a message failed');
              socket.close(CloseCode.InternalServerError, 'INTERNAL_SERVER_ERROR');
            });
          });
        },
      },
      extra as Connection & Record<PropertyKey, unknown>,
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      gone.abort();
      closed(code, String(reason)).catch((error: unknown) => logger.error({ err: error }, 'releasing a client failed'));
    });
  });

  return {
    async [Symbol.asyncDispose]() {
      const { promise, resolve } = Promise.withResolvers<void>();
      sockets.close(() => resolve());
      for (const client of sockets.clients) client.close(SERVICE_RESTART, 'DRAINING');
      // a client that does not answer the close frame is not waited for
      const impatience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, 500);
      await promise;
      clearTimeout(impatience);
    },
  };
}

/** Browsers can't set headers on sockets, so the payload of connection_init comes first. */
function authorizationOf(payload: Record<string, unknown> | undefined, { headers }: IncomingMessage): string | undefined {
  const given = payload?.['authorization'] ?? payload?.['Authorization'] ?? headers.authorization;
  if (given === undefined || typeof given === 'string') return given;
  // whatever it is, it is no token, and must not pass for an anonymous caller
  return typeof given;
}

/** Resolves when the frame has left this process: a client that reads slowly is felt here, not in memory. */
async function sendFrame(socket: WebSocket, data: string): Promise<void> {
  if (socket.readyState !== WebSocket.OPEN) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  // a failed write is followed by `close`, which ends everything
  socket.send(data, () => resolve());
  await promise;
}

function closeOnExpiry({ socket, closed }: Pick<Connection, 'socket' | 'closed'>, expiresAt: number | undefined): void {
  if (expiresAt === undefined) return;
  const timer = setTimeout(
    () => {
      if (expiresAt > Date.now()) closeOnExpiry({ socket, closed }, expiresAt);
      else socket.close(CloseCode.Unauthorized, 'UNAUTHENTICATED');
    },
    Math.min(Math.max(expiresAt - Date.now(), 0), LONGEST_TIMER),
  );
  closed.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) socket.terminate();
    else if (socket.readyState === WebSocket.OPEN) {
      answered = false;
      socket.ping();
    }
  }, everyMs);
  return () => clearInterval(timer);
}
