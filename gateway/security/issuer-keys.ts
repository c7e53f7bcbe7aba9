import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** An issuer's public keys, or where they are published. */
export type KeySource = JSONWebKeySet | URL;

/** Milliseconds: how long one look at the published keys may take, and for how long they are then used without another. */
const TIMEOUT = 2_000;
const MAX_AGE = 10 * 60_000;
/** Milliseconds between two looks for a key that is not known, however many tokens name one. */
const COOLDOWN = 30_000;

/**
 * Finds the key that a token names. Published keys are kept, looked for again after ten minutes, and at once (at most every
 * `cooldownMs`) when a token names one that is not known: so an issuer may rotate them. While they can not be had, those seen
 * last are used on.
 */
export function issuerKeys(source: KeySource, cooldownMs = COOLDOWN): JWTVerifyGetKey {
  if (!(source instanceof URL)) return createLocalJWKSet(source);
  const remote = createRemoteJWKSet(source, { timeoutDuration: TIMEOUT, cacheMaxAge: MAX_AGE, cooldownDuration: cooldownMs });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const last = remote.jwks();
      // that no key fits is an answer; anything else means that nobody answered
      if (last === undefined || error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      return createLocalJWKSet(last)(header, token);
    }
  };
}
