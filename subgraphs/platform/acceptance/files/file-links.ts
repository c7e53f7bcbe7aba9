import { createHmac, timingSafeEqual } from 'node:crypto';

export type LinkMethod = 'GET' | 'PUT';

/** Milliseconds a link works: long enough to open it, short enough that a forgotten one is worth nothing. */
export const LINK_LIFETIME = { GET: 10 * 60_000, PUT: 30 * 60_000 } as const;

/**
 * Addresses that let whoever has them do one thing with one file for a few minutes. Files are not fetched through GraphQL:
 * the graph says who may, and gives out such an address.
 */
export class FileLinks {
  constructor(
    /** The address clients see, without a slash at the end; known once the server listens. */
    readonly address: () => string,
    readonly secret: Uint8Array,
    readonly clock: () => Date,
  ) {}

  get origin(): string {
    return this.address();
  }

  /** @param path begins with a slash */
  link(method: LinkMethod, path: string): { url: string; expiresAt: Date } {
    const expiresAt = new Date(this.clock().getTime() + LINK_LIFETIME[method]);
    const expires = expiresAt.getTime();
    return { url: `${this.origin}${path}?expires=${expires}&signature=${this.#sign(method, path, expires)}`, expiresAt };
  }

  /** Whether a request came by a link of ours that still works. */
  holds(method: LinkMethod, path: string, query: { expires?: unknown; signature?: unknown }): boolean {
    const expires = Number(query.expires);
    if (!Number.isSafeInteger(expires) || expires < this.clock().getTime()) return false;
    const given = Buffer.from(typeof query.signature === 'string' ? query.signature : '');
    const expected = Buffer.from(this.#sign(method, path, expires));
    return given.length === expected.length && timingSafeEqual(given, expected);
  }

  #sign(method: LinkMethod, path: string, expires: number): string {
    return createHmac('sha256', this.secret).update(`${method}\n${path}\n${expires}`).digest('base64url');
  }
}
