import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** Whose address a request counts for: the connection's, or, behind proxies that are trusted, the one they name. */
export type ClientAddress = (request: IncomingMessage) => string;

/** @param trusted addresses and networks of proxies whose `X-Forwarded-For` is believed. */
export function clientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) return ({ socket }) => socket.remoteAddress ?? 'unknown';
  const trusts = proxyAddr.compile([...trusted]);
  return (request) => proxyAddr(request, trusts) ?? 'unknown';
}
