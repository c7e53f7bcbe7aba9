import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import type { Caller } from '../../subgraphs/kit/identity/caller.js';
import { clientNetwork } from './client-network.js';

/** Requests per second, socket operations included; 0: no limit. For ten seconds as many again may come in one go. */
export interface RateSettings {
  readonly perIdentity: number;
  readonly perAddress: number;
  /** Where gateways share their counts; absent: each counts by itself. */
  readonly redisUrl?: string | undefined;
}

/** Seconds for which a burst is counted. */
const BURST = 10;
/** Milliseconds that Redis may take before this process counts by itself. */
const PATIENCE = 250;

/** Refuses whoever asks too often. Counts are shared through Redis; while that is lost, each process counts by itself. */
export class RateLimits implements AsyncDisposable {
  readonly #redis: Redis | undefined;
  readonly #identities: BurstyRateLimiter | undefined;
  readonly #addresses: BurstyRateLimiter | undefined;

  constructor({ perIdentity, perAddress, redisUrl }: RateSettings) {
    if (redisUrl !== undefined && (perIdentity > 0 || perAddress > 0)) {
      this.#redis = new Redis(redisUrl, {
        lazyConnect: true,
        enableOfflineQueue: false,
        maxRetriesPerRequest: 0,
        commandTimeout: PATIENCE,
        connectTimeout: 2_000,
        retryStrategy: (times: number) => Math.min(times * 100, 2_000),
      });
      this.#redis.on('error', () => {});
      this.#redis.connect().catch(() => {});
    }
    this.#identities = perIdentity > 0 ? limiter('identity', perIdentity, this.#redis) : undefined;
    this.#addresses = perAddress > 0 ? limiter('address', perAddress, this.#redis) : undefined;
  }

  /** Whether counts are shared just now. */
  get shares(): boolean {
    return this.#redis?.status === 'ready';
  }

  /** Counts what comes from an address (see {@link clientNetwork}), whoever it is. @throws CataloguedError RATE_LIMITED */
  async fromAddress(address: string): Promise<void> {
    if (this.#addresses !== undefined) await take(this.#addresses, clientNetwork(address));
  }

  /** Counts what an identity asks; anonymous callers are told apart by their address only. @throws CataloguedError RATE_LIMITED */
  async by({ subject, roles }: Pick<Caller, 'subject' | 'roles'>): Promise<void> {
    if (this.#identities !== undefined && !(subject === 'anonymous' && roles.length === 0)) await take(this.#identities, subject);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#redis?.disconnect();
  }
}

function limiter(name: string, perSecond: number, redis: Redis | undefined): BurstyRateLimiter {
  const of = (keyPrefix: string, points: number, duration: number) => {
    const options = { keyPrefix: `acceptance:rate:${keyPrefix}`, points, duration };
    if (redis === undefined) return new RateLimiterMemory(options);
    return new RateLimiterRedis({
      ...options,
      storeClient: redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: new RateLimiterMemory(options),
    });
  };
  return new BurstyRateLimiter(of(name, perSecond, 1), of(`${name}:burst`, perSecond * BURST, BURST));
}

/** Counts live for seconds and may be kept in Redis: under a digest, so that neither subjects nor addresses are read there. */
async function take(limiter: BurstyRateLimiter, whom: string): Promise<void> {
  try {
    await limiter.consume(createHash('sha256').update(whom).digest('hex').slice(0, 32));
  } catch (reason) {
    // a limiter that is broken must not refuse anybody
    if (!(reason instanceof RateLimiterRes)) return;
    const retryAfter = Math.max(1, Math.ceil(reason.msBeforeNext / 1_000));
    throw new CataloguedError('RATE_LIMITED', 'too many requests; wait before the next', {
      retryAfter,
      http: { status: 429, headers: new Map([['retry-after', String(retryAfter)]]) },
    });
  }
}
