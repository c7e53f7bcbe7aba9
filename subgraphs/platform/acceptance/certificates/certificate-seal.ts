import { hkdfSync } from 'node:crypto';
import { CompactSign, compactVerify, createLocalJWKSet, importJWK, type JSONWebKeySet } from 'jose';
import type { InternalKeys } from '../../../kit/identity/internal-keys.js';

/**
 * The platform's signature on what it vouches for: certificates and sealed dossiers. EdDSA today; the header names the
 * algorithm and the key, so that SM2 can come beside it and what was signed before still verifies.
 */
export class CertificateSeal {
  private constructor(
    readonly publicKeys: JSONWebKeySet,
    readonly sign: (type: string, claims: object) => Promise<string>,
    /** For links to files; of the private key, so that all instances have the same. */
    readonly linkSecret: Uint8Array,
  ) {}

  static async of({ privateKey, publicKeys }: InternalKeys): Promise<CertificateSeal> {
    const key = await importJWK(privateKey, 'EdDSA');
    const header = { alg: 'EdDSA', ...(privateKey.kid !== undefined && { kid: privateKey.kid }) };
    return new CertificateSeal(
      publicKeys,
      (type, claims) =>
        new CompactSign(new TextEncoder().encode(JSON.stringify(claims))).setProtectedHeader({ ...header, typ: type }).sign(key),
      new Uint8Array(hkdfSync('sha256', String(privateKey.d), '', 'acceptance file links', 32)),
    );
  }

  verify(signed: string, type: string): Promise<Record<string, unknown> | undefined> {
    return verifySealed(signed, type, this.publicKeys);
  }
}

/** What was signed, if one of the keys signed it as this type; undefined for anything else. */
export async function verifySealed(signed: string, type: string, keys: JSONWebKeySet): Promise<Record<string, unknown> | undefined> {
  try {
    const { payload, protectedHeader } = await compactVerify(signed, createLocalJWKSet(keys), { algorithms: ['EdDSA'] });
    if (protectedHeader.typ !== type) return undefined;
    return JSON.parse(new TextDecoder().decode(payload)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
