import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { CataloguedError } from '../../../subgraphs/kit/errors/catalogued-error.js';
import type { Overload } from '../../../subgraphs/kit/server/overload.js';
import type { ClientAddress } from '../../security/client-address.js';
import type { OriginPolicy } from '../../security/origin-policy.js';
import { requestIdOf } from '../../server/request-context.js';
import { SocketConnection, type SocketSurroundings } from './socket-connection.js';
import { CLOSE, SUBPROTOCOL } from './socket-messages.js';

export interface SocketServerOptions extends SocketSurroundings {
  readonly server: Server;
  readonly origins: OriginPolicy;
  readonly addressOf: ClientAddress;
  readonly overload: Overload;
  /** Bytes of one message. */
  readonly maxMessageSize: number;
  /** Milliseconds between pings; a client that leaves one unanswered as long again is dead. */
  readonly keepAliveMs?: number | undefined;
}

const PATH = '/graphql';
/** Milliseconds that clients have to answer the close frame when the gateway stops. */
const PATIENCE = 500;

function refuse(stream: Duplex, status: string, header = ''): void {
  stream.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n${header}content-length: 0\r\n\r\n`);
}

const REFUSALS: Readonly<Record<string, string>> = { RATE_LIMITED: '429 Too Many Requests', OVERLOADED: '503 Service Unavailable' };

/** Serves graphql-transport-ws at `/graphql`, on the HTTP server's own port. */
export function serveSockets({
  server,
  maxMessageSize,
  origins,
  addressOf,
  overload,
  keepAliveMs = 12_000,
  ...around
}: SocketServerOptions): AsyncDisposable {
  const connections = new Set<SocketConnection>();
  const protocol = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxMessageSize,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  let draining = false;
  let emptied: (() => void) | undefined;

  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    stream.on('error', (error: Error) => around.logger.debug({ reason: error.message }, 'a client socket failed'));
    const pathname = URL.parse(request.url ?? '/', 'http://gateway.invalid')?.pathname ?? '';
    if (draining || pathname.replace(/\/$/, '') !== PATH) refuse(stream, draining ? '503 Service Unavailable' : '404 Not Found');
    else void admit(request, stream, head);
  };
  const admit = async (request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> => {
    const address = addressOf(request);
    try {
      overload.check();
      origins.check(request.headers);
      await around.rates.fromAddress(address);
    } catch (error) {
      around.audit?.refused(error, { address, requestId: requestIdOf(request.headers), action: 'connection' });
      const { code, extensions } = error as CataloguedError;
      const { retryAfter } = extensions;
      refuse(stream, REFUSALS[code] ?? '403 Forbidden', typeof retryAfter === 'number' ? `retry-after: ${retryAfter}\r\n` : '');
      return;
    }
    if (stream.destroyed) return;
    const named = around.counter.enterUnnamed(address);
    if (named === undefined) {
      const error = new CataloguedError('TOO_MANY_CONNECTIONS', 'too many connections that have not said whose they are');
      around.audit?.refused(error, { address, requestId: requestIdOf(request.headers), action: 'connection' });
      refuse(stream, '429 Too Many Requests');
      return;
    }
    // one that never becomes a socket
    stream.once('close', named);
    protocol.handleUpgrade(request, stream, head, (socket) => {
      // an HTTP server's sockets are network sockets
      const connection = new SocketConnection(socket, stream as Socket, request.headers, around, address, named);
      connections.add(connection);
      connection.onClosed = () => {
        connections.delete(connection);
        if (connections.size === 0) emptied?.();
      };
    });
  };
  server.on('upgrade', upgrade);
  // one timer for all: a timer for each costs memory in thousands of connections that are idle
  const heartbeat = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) connection.heartbeat(now);
  }, keepAliveMs);

  return {
    async [Symbol.asyncDispose]() {
      draining = true;
      clearInterval(heartbeat);
      const { promise, resolve } = Promise.withResolvers<void>();
      emptied = resolve;
      for (const connection of connections) connection.close(CLOSE.serviceRestart, 'DRAINING', 'drain');
      if (connections.size === 0) resolve();
      // a client that does not answer the close frame is not waited for
      const impatience = setTimeout(() => {
        for (const connection of connections) connection.terminate();
      }, PATIENCE);
      await promise;
      clearTimeout(impatience);
      server.off('upgrade', upgrade);
    },
  };
}
