import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { keysOf } from '../../subgraphs/kit/identity/key-file.js';
import type { IssuerOptions } from './client-identity.js';

const ISSUER = 'https://issuer.demo.acceptance.invalid';
const AUDIENCE = 'unified-acceptance-graph';
const LIFETIME_DAYS = 30;

/** Stands in for the province's identity provider in demonstrations. Whoever reads its key file is anybody. */
export interface DemoIssuer extends IssuerOptions {
  readonly keys: JSONWebKeySet;
  /** A token for 30 days. */
  issue(subject: string, roles: readonly string[]): Promise<string>;
}

/**
 * Reads the issuer's key from `keyFile`, or makes one there, readable by the owner alone.
 * @throws CataloguedError CONFIGURATION_INVALID in production.
 */
export async function createDemoIssuer(
  keyFile: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DemoIssuer> {
  if (env['NODE_ENV'] === 'production') {
    throw new CataloguedError(
      'CONFIGURATION_INVALID',
      'NODE_ENV is "production", where the demonstration issuer does not run; set AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE',
    );
  }
  const { d, ...publicKey } = await keysOf(keyFile, makeKey, (jwk) => importJWK(jwk, 'EdDSA'));
  const key = await importJWK({ ...publicKey, ...(d !== undefined && { d }) }, 'EdDSA');
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: { keys: [publicKey] },
    issue: (subject, roles) =>
      new SignJWT({ roles: [...roles] })
        .setProtectedHeader({ alg: 'EdDSA', ...(publicKey.kid !== undefined && { kid: publicKey.kid }) })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_DAYS}d`)
        .sign(key),
  };
}

async function makeKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'EdDSA', use: 'sig' };
}
