import type { IncomingHttpHeaders } from 'node:http';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';

/** Seconds for which browsers may remember that an origin is allowed. */
const REMEMBERED = 600;

/**
 * Which web pages may ask: those of the gateway's own origin and of the origins allowed. Browsers name the page's origin in
 * `Origin`, or say with `Sec-Fetch-Site` that it is another site's; what other clients send has neither, and passes. So no page
 * can make its visitor's browser ask in a way the gateway takes for the visitor's own: neither by forms, images and links
 * (CSRF) nor by sockets, which no preflight protects.
 */
export class OriginPolicy {
  readonly #allowed: ReadonlySet<string>;

  /** @param allowed origins such as `https://portal.example`; `*` for all. */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = new Set(allowed.map((origin) => origin.toLowerCase()));
  }

  /** @throws CataloguedError ORIGIN_NOT_ALLOWED */
  check(headers: IncomingHttpHeaders): void {
    if (this.#admits(headers)) return;
    throw new CataloguedError('ORIGIN_NOT_ALLOWED', 'pages of this origin may not ask', { http: { status: 403 } });
  }

  /** The headers that let the page of an allowed origin read the answer. */
  corsHeaders({ origin }: IncomingHttpHeaders): Record<string, string> {
    if (origin === undefined || !this.#isAllowed(origin)) return {};
    return {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'x-request-id, retry-after, x-acceptance-cost',
      'cross-origin-resource-policy': 'cross-origin',
    };
  }

  /** The answer to a browser that asks beforehand. */
  preflightHeaders(headers: IncomingHttpHeaders): Record<string, string> {
    const cors = this.corsHeaders(headers);
    if (cors['access-control-allow-origin'] === undefined) return {};
    return {
      ...cors,
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': headers['access-control-request-headers'] ?? 'authorization, content-type',
      'access-control-max-age': String(REMEMBERED),
    };
  }

  #admits(headers: IncomingHttpHeaders): boolean {
    const { origin, host } = headers;
    if (origin !== undefined) return this.#isAllowed(origin) || (host !== undefined && URL.parse(origin)?.host === host.toLowerCase());
    const site = headers['sec-fetch-site'];
    return site === undefined || site === 'same-origin' || site === 'none';
  }

  #isAllowed(origin: string): boolean {
    return this.#allowed.has('*') || this.#allowed.has(origin.toLowerCase());
  }
}
