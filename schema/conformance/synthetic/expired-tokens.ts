import { importJWK, SignJWT } from 'jose';
import type { InternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import type { Authorize } from '../options.js';

/** Seconds. Longer ago than any tolerance for clocks that differ. */
const AGO = 3_600;

/** Makes internal tokens that were good an hour ago, for `expiredAuthorization`. */
export function expiredTokens({ privateKey }: Pick<InternalKeys, 'privateKey'>): Authorize {
  return async (audience, { subject, roles }) => {
    const then = Math.floor(Date.now() / 1_000) - AGO;
    const token = await new SignJWT({ roles: [...roles] })
      .setProtectedHeader({ alg: 'EdDSA', ...(privateKey.kid !== undefined && { kid: privateKey.kid }) })
      .setIssuer('acceptance')
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(then)
      .setExpirationTime(then + 60)
      .sign(await importJWK(privateKey, 'EdDSA'));
    return `Bearer ${token}`;
  };
}
