import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

/** The platform's own signing key, and the public half that every subgraph checks tokens with. */
export interface InternalKeys {
  readonly privateKey: JWK;
  readonly publicKeys: JSONWebKeySet;
}

export async function generateInternalKeys(): Promise<InternalKeys> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = randomUUID();
  return {
    privateKey: { ...(await exportJWK(privateKey)), kid, alg: 'EdDSA' },
    publicKeys: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] },
  };
}

/** Reads the keys from `file`, or makes them there, readable by the owner alone. Safe when several processes start at once. */
export async function loadInternalKeys(file: string): Promise<InternalKeys> {
  const stored = await readKeys(file);
  if (stored !== undefined) return stored;
  const keys = await generateInternalKeys();
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  const handle = await open(draft, 'wx', 0o600);
  await handle.writeFile(JSON.stringify(keys));
  await handle.sync();
  await handle.close();
  try {
    // unlike rename, link never replaces a file that another process has put there meanwhile
    await link(draft, file);
    return keys;
  } catch (error) {
    const other = await readKeys(file);
    if (other === undefined) throw error;
    return other;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readKeys(file: string): Promise<InternalKeys | undefined> {
  try {
    const keys = JSON.parse(await readFile(file, 'utf8')) as InternalKeys;
    createLocalJWKSet(keys.publicKeys);
    return keys;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} does not hold a key pair; move it away to have a new one made`, { cause: error });
  }
}
