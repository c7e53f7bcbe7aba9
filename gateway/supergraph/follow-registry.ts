import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { SupergraphDocument } from '../../schema/composition/supergraph-document.js';
import type { InternalTokens } from '../../subgraphs/kit/identity/internal-tokens.js';
import { AddressTurn, addressesOf } from '../../subgraphs/kit/server/address-list.js';
import type { Logger } from '../observability/logger.js';
import type { DiskCopy } from './disk-copy.js';
import { isSupergraphDocument } from './document-shape.js';
import type { OfferDocument, SupergraphSource } from './supergraph-source.js';

const QUERY = /* GraphQL */ `
  query FollowSupergraph($ifNot: String) {
    supergraph(ifNot: $ifNot) { version sdl departments { code url subscriptionUrl extension } }
  }
`;
const AUDIENCE = 'registry';

export interface FollowRegistryOptions {
  /** The registry subgraph's own endpoint, or those of its instances with commas. */
  readonly url: string;
  readonly logger: Logger;
  /** Absent: the registry is asked without a token. */
  readonly internalTokens?: InternalTokens | undefined;
  /** Absent: without the registry there is no start. */
  readonly diskCopy?: DiskCopy;
  /** Milliseconds between two questions; also bounds how long a change stays unseen. */
  readonly intervalMs?: number;
  /** Milliseconds after which a registry that says nothing counts as down. */
  readonly timeoutMs?: number;
  readonly fetch?: typeof fetch;
}

/** Follows what the registry publishes. While it is down, the last good supergraph serves: from memory, at start from disk. */
export function followRegistry(options: FollowRegistryOptions): SupergraphSource {
  return new RegistryFollower(options);
}

class RegistryFollower implements SupergraphSource {
  readonly #options: FollowRegistryOptions;
  registryReachable: boolean | undefined;
  /** The last version offered, taken or not: one that was refused is not worth another try. */
  #seen: string | undefined;
  readonly #turn = new AddressTurn();

  constructor(options: FollowRegistryOptions) {
    this.#options = options;
  }

  async follow(offer: OfferDocument): Promise<AsyncDisposable> {
    const stopped = new AbortController();
    if (!(await this.#look(offer, stopped.signal))) await this.#offerDiskCopy(offer);
    const loop = this.#keepLooking(offer, stopped.signal);
    return {
      async [Symbol.asyncDispose]() {
        stopped.abort();
        await loop;
      },
    };
  }

  async #keepLooking(offer: OfferDocument, stopped: AbortSignal): Promise<void> {
    while (!stopped.aborted) {
      await setTimeout(this.#options.intervalMs ?? 1_000, undefined, { signal: stopped }).catch(() => {});
      if (!stopped.aborted) await this.#look(offer, stopped);
    }
  }

  /** Asks once. True when a document is in service that the registry vouches for. */
  async #look(offer: OfferDocument, stopped: AbortSignal): Promise<boolean> {
    const { logger, diskCopy } = this.#options;
    let document: SupergraphDocument | null;
    try {
      document = await this.#askAny(stopped);
    } catch (error) {
      if (!stopped.aborted && this.registryReachable !== false)
        logger.warn({ err: error }, 'the registry does not answer; the supergraph in service stays');
      if (!stopped.aborted) this.registryReachable = false;
      return false;
    }
    if (this.registryReachable === false) logger.info('the registry answers again');
    this.registryReachable = true;
    if (document === null) return this.#seen !== undefined;
    this.#seen = document.version;
    if ((await offer(document, 'registry')) !== undefined) return false;
    try {
      await diskCopy?.write(document);
    } catch (error) {
      logger.error({ err: error, file: diskCopy?.file }, 'the supergraph serves, but could not be kept on disk for the next start');
    }
    return true;
  }

  /** Stays with one instance as long as it answers. @throws what the last of them failed with */
  async #askAny(stopped: AbortSignal): Promise<SupergraphDocument | null> {
    const { url } = this.#options;
    for (let left = addressesOf(url).length; ; left--) {
      try {
        return await this.#ask(this.#turn.of(url), stopped);
      } catch (error) {
        this.#turn.next();
        if (left <= 1 || stopped.aborted) throw error;
      }
    }
  }

  async #ask(url: string, stopped: AbortSignal): Promise<SupergraphDocument | null> {
    const { internalTokens, timeoutMs = 5_000, fetch: send = fetch } = this.#options;
    const requestId = randomUUID();
    const authorization = await internalTokens?.authorization(AUDIENCE, { subject: 'gateway', roles: ['platform'], requestId });
    const response = await send(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-request-id': requestId,
        ...(authorization !== undefined && { authorization }),
      },
      body: JSON.stringify({ query: QUERY, variables: { ifNot: this.#seen ?? null } }),
      signal: AbortSignal.any([stopped, AbortSignal.timeout(timeoutMs)]),
    });
    const { data, errors } = (await response.json()) as { data?: { supergraph?: unknown } | null; errors?: { message?: string }[] };
    const document = data?.supergraph;
    if (document === null && errors === undefined) return null;
    if (!isSupergraphDocument(document))
      throw new Error(`the registry gave no supergraph: ${errors?.[0]?.message ?? `HTTP ${response.status}`}`);
    return document;
  }

  async #offerDiskCopy(offer: OfferDocument): Promise<void> {
    const { diskCopy, logger } = this.#options;
    const document = await diskCopy?.read();
    if (document === undefined) {
      logger.warn('no supergraph yet: the registry gave none, and none is kept on disk');
      return;
    }
    if ((await offer(document, 'disk')) === undefined) this.#seen ??= document.version;
  }
}
