import { createLocalJWKSet, importJWK, jwtVerify, SignJWT } from 'jose';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { Caller } from './caller.js';
import type { InternalKeys } from './internal-keys.js';

const ISSUER = 'acceptance';
/** Seconds. Long enough for clocks that differ a little, short enough that a leaked token is worth little. */
const LIFETIME = 60;
const CLOCK_TOLERANCE = 10;
const REMEMBERED = 1_000;

/** Signs the short-lived tokens that subgraphs accept. */
export interface InternalTokens {
  /** The value of an `authorization` header for one call on behalf of `caller`. */
  authorization(audience: string, caller: Caller): Promise<string>;
}

export interface InternalTokenVerifier {
  /** @throws CataloguedError INTERNAL_TOKEN_REJECTED, alike for every fault, telling nothing. */
  verify(authorization: string | undefined, audience: string): Promise<Caller>;
}

/** Tokens are remembered for half their life per audience, subject and roles; the request id then comes with the header beside them. */
export async function createInternalTokens({ privateKey }: Pick<InternalKeys, 'privateKey'>): Promise<InternalTokens> {
  const key = await importJWK(privateKey, 'EdDSA');
  const remembered = new Map<string, { authorization: Promise<string>; until: number }>();
  return {
    authorization(audience, caller) {
      const id = JSON.stringify([audience, caller.subject, caller.roles]);
      const now = Date.now();
      const found = remembered.get(id);
      if (found !== undefined && found.until > now) return found.authorization;
      if (remembered.size >= REMEMBERED) remembered.clear();
      const authorization = new SignJWT({ roles: [...caller.roles] })
        .setProtectedHeader({ alg: 'EdDSA', ...(privateKey.kid !== undefined && { kid: privateKey.kid }) })
        .setIssuer(ISSUER)
        .setAudience(audience)
        .setSubject(caller.subject)
        .setIssuedAt()
        .setExpirationTime(Math.floor(now / 1_000) + LIFETIME)
        .sign(key)
        .then((token) => `Bearer ${token}`);
      remembered.set(id, { authorization, until: now + (LIFETIME * 1_000) / 2 });
      return authorization;
    },
  };
}

export function createInternalTokenVerifier({ publicKeys }: Pick<InternalKeys, 'publicKeys'>): InternalTokenVerifier {
  const keys = createLocalJWKSet(publicKeys);
  return {
    async verify(authorization, audience) {
      const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
      try {
        if (token === undefined) throw new Error('no token');
        const { payload } = await jwtVerify(token, keys, {
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
