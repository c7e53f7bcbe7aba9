import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { keysOf } from './key-file.js';

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
export function loadInternalKeys(file: string): Promise<InternalKeys> {
  return keysOf(file, generateInternalKeys, ({ publicKeys }) => createLocalJWKSet(publicKeys));
}
