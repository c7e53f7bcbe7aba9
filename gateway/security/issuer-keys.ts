import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** An issuer's public keys, or where they are published. */
export type KeySource = JSONWebKeySet | URL;

/** Milliseconds: how long one look at the published keys may take, and for how long they are then used without another. */
const TIMEOUT = 2_000;
const MAX_AGE = 10 * 60_000;
/** Milliseconds between two looks for a key that is not known, however many tokens name one. */
const COOLDOWN = 30_000;

/** The issuer's keys can't be had, and none were seen before: no word on the token. */
export class IssuerKeysUnavailable extends Error {
  override readonly name = 'IssuerKeysUnavailable';
}

export interface IssuerKeysOptions {
  /** Milliseconds between two looks for a key that is not known; 30,000 by default. */
  readonly cooldownMs?: number | undefined;
  /** Told when the keys can't be had, once until they can again. */
  readonly onUnavailable?: ((error: unknown) => void) | undefined;
}

/**
 * Finds the key that a token names. Published keys are kept, looked for again after ten minutes, and at once (at most every
 * `cooldownMs`) when a token names one that is not known: so an issuer may rotate them. While they can not be had, those seen
 * last are used on, and no request waits for another look within `cooldownMs`.
 * The key finder throws IssuerKeysUnavailable, and jose's errors for what is wrong with the token.
 */
export function issuerKeys(
  source: KeySource,
  { cooldownMs = COOLDOWN, onUnavailable = () => {} }: IssuerKeysOptions = {},
): JWTVerifyGetKey {
  if (!(source instanceof URL)) return createLocalJWKSet(source);
  const remote = createRemoteJWKSet(source, { timeoutDuration: TIMEOUT, cacheMaxAge: MAX_AGE, cooldownDuration: cooldownMs });
  let failedAt: number | undefined;
  return async (header, token) => {
    const last = remote.jwks();
    if (last !== undefined && failedAt !== undefined && performance.now() - failedAt < cooldownMs)
      return createLocalJWKSet(last)(header, token);
    try {
      const key = await remote(header, token);
      failedAt = undefined;
      return key;
    } catch (error) {
      if (isVerdict(error)) throw error;
      if (failedAt === undefined) onUnavailable(error);
      failedAt = performance.now();
      if (last === undefined) throw new IssuerKeysUnavailable("the issuer's keys can't be had", { cause: error });
      return createLocalJWKSet(last)(header, token);
    }
  };
}

/** Whether it is about the token. Anything else means that nobody answered, or not with keys. */
function isVerdict(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
