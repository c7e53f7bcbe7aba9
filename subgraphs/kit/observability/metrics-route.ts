import { createHash, timingSafeEqual } from 'node:crypto';
import { BlockList } from 'node:net';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';

export interface MetricsRouteOptions {
  readonly registry: Registry;
  /** Whoever sends it may read; absent: whoever asks directly from within. */
  readonly token?: string | undefined;
}

/** What proxies add. A request with one of these came from elsewhere than its socket says. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/** `/metrics` in Prometheus' text format; 404 for whoever may not read it, as if there were nothing. */
export function registerMetrics(app: FastifyInstance, { registry, token }: MetricsRouteOptions): void {
  app.get('/metrics', async (request, reply) => {
    if (!(token === undefined ? isDirectFromWithin(request) : hasToken(request, token))) return reply.callNotFound();
    return reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics());
  });
}

function hasToken({ headers }: FastifyRequest, token: string): boolean {
  const given = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function isDirectFromWithin({ headers, socket }: FastifyRequest): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  const { remoteAddress = '' } = socket;
  const address = remoteAddress.replace(/^::ffff:(?=\d)/, '');
  return WITHIN.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

/** Loopback, private (RFC 1918, RFC 4193), shared (RFC 6598) and link-local addresses. */
const WITHIN = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['169.254.0.0', 16],
] as const)
  WITHIN.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  WITHIN.addSubnet(network, prefix, 'ipv6');
