import { createLocalJWKSet, importJWK, type JSONWebKeySet, type JWK, type JWTVerifyGetKey, jwtVerify, SignJWT } from 'jose';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { Caller } from './caller.js';
import type { InternalKeys } from './internal-keys.js';
import { fixedKeys, type KeySource, usableKeys } from './signing-key-file.js';

const ISSUER = 'acceptance';
/** Seconds. Long enough for clocks that differ a little, short enough that a leaked token is worth little. */
const LIFETIME = 60;
const CLOCK_TOLERANCE = 10;
const REMEMBERED = 1_000;
/** Milliseconds for which a key is good after it was retired: longer than any token that it signed. */
const OVERLAP = 5 * 60_000;
/** Milliseconds after which it is looked again which keys are good. */
const RENEWED = 10_000;

/** Signs the short-lived tokens that subgraphs accept. */
export interface InternalTokens {
  /** The value of an `authorization` header for one call on behalf of `caller`. */
  authorization(audience: string, caller: Caller): Promise<string>;
}

export interface InternalTokenVerifier {
  /** @throws CataloguedError INTERNAL_TOKEN_REJECTED, alike for every fault, telling nothing. */
  verify(authorization: string | undefined, audience: string): Promise<Caller>;
  /** The public keys that tokens are good by now, for those who verify them elsewhere. */
  publicKeys(): JSONWebKeySet;
}

/**
 * Tokens are remembered for half their life per audience, subject and roles; the request id then comes with the header
 * beside them. A key that has changed at the source signs from the next one on.
 */
export async function createInternalTokens(keys: Pick<InternalKeys, 'privateKey'> | KeySource): Promise<InternalTokens> {
  const source = sourceOf(keys as InternalKeys | KeySource);
  const imported = new Map<string, ReturnType<typeof importJWK>>();
  const remembered = new Map<string, { authorization: Promise<string>; until: number }>();
  const keyOf = (privateKey: JWK) => {
    const id = privateKey.kid ?? '';
    const found = imported.get(id) ?? Promise.resolve(importJWK(privateKey, 'EdDSA'));
    imported.set(id, found);
    return found;
  };
  // a key that can't sign is told now, not to the first caller
  await keyOf(source.current().privateKey);
  return {
    authorization(audience, caller) {
      const id = JSON.stringify([audience, caller.subject, caller.roles]);
      const now = Date.now();
      const found = remembered.get(id);
      if (found !== undefined && found.until > now) return found.authorization;
      source.refresh();
      const { privateKey } = source.current();
      if (remembered.size >= REMEMBERED) remembered.clear();
      const token = new SignJWT({ roles: [...caller.roles] })
        .setProtectedHeader({ alg: 'EdDSA', ...(privateKey.kid !== undefined && { kid: privateKey.kid }) })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setSubject(caller.subject)
        .setIssuedAt()
        .setExpirationTime(Math.floor(now / 1_000) + LIFETIME);
      const authorization = (async () => `Bearer ${await token.sign(await keyOf(privateKey))}`)();
      remembered.set(id, { authorization, until: now + (LIFETIME * 1_000) / 2 });
      return authorization;
    },
  };
}

export function createInternalTokenVerifier(given: Pick<InternalKeys, 'publicKeys'> | KeySource): InternalTokenVerifier {
  const source = sourceOf(given as InternalKeys | KeySource);
  let seen = source.current();
  let keys: JWTVerifyGetKey;
  let made: number;
  const renew = () => {
    source.refresh();
    seen = source.current();
    made = Date.now();
    keys = createLocalJWKSet({ keys: usableKeys(seen.publicKeys, made, OVERLAP) });
  };
  renew();
  const keyFor: JWTVerifyGetKey = async (header, token) => {
    // a key that was retired stops being good though nobody asks for another one
    if (Date.now() - made > RENEWED) renew();
    try {
      return await keys(header, token);
    } catch (error) {
      source.refresh();
      if (source.current() === seen) throw error;
      renew();
      return keys(header, token);
    }
  };
  return {
    publicKeys() {
      source.refresh();
      return { keys: usableKeys(source.current().publicKeys, Date.now(), OVERLAP) };
    },
    async verify(authorization, audience) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      try {
        if (token === undefined) throw new Error('no token');
        const { payload } = await jwtVerify(token, keyFor, {
          issuer: ISSUER,
          audience,
          algorithms: ['EdDSA'],
          clockTolerance: CLOCK_TOLERANCE,
          requiredClaims: ['sub', 'exp', 'roles'],
        });
        const roles = Array.isArray(payload['roles']) ? payload['roles'].filter((role) => typeof role === 'string') : [];
        return { subject: payload.sub as string, roles, requestId: 'unknown' };
      } catch {
        throw new CataloguedError('INTERNAL_TOKEN_REJECTED', 'this subgraph answers the gateway and the platform only');
      }
    },
  };
}

function sourceOf(keys: InternalKeys | KeySource): KeySource {
  return 'current' in keys ? keys : fixedKeys(keys);
}
