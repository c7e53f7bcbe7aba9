import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
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
  const { d, ...publicKey } = (await readKey(keyFile)) ?? (await makeKey(keyFile));
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

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    const key = JSON.parse(await readFile(file, 'utf8')) as JWK;
    await importJWK(key, 'EdDSA');
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} does not hold the issuer's key; move it away to have a new one made`, { cause: error });
  }
}

async function makeKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const key: JWK = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'EdDSA', use: 'sig' };
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(key), { mode: 0o600, flag: 'wx' });
  try {
    // unlike rename, link leaves alone a key that another process has put there meanwhile
    await link(draft, file);
    return key;
  } catch (error) {
    const other = await readKey(file);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}
