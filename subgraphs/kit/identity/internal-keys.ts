import { randomUUID } from 'node:crypto';
import { createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { SigningKeyFile, type SigningKeys } from './signing-key-file.js';

/** The platform's own signing key, and the public half that every subgraph checks tokens with. */
export type InternalKeys = SigningKeys;

export async function generateInternalKeys(): Promise<InternalKeys> {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const kid = randomUUID();
  return {
    privateKey: { ...(await exportJWK(privateKey)), kid, alg: 'EdDSA' },
    publicKeys: { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'EdDSA', use: 'sig' }] },
  };
}

/** Reads the keys from `file`, or makes them there, readable by the owner alone. Safe when several processes start at once. */
export function openInternalKeys(file: string, make: () => Promise<InternalKeys> = generateInternalKeys): Promise<SigningKeyFile> {
  return SigningKeyFile.open(file, make, { check: ({ publicKeys }) => createLocalJWKSet(publicKeys) });
}

/** The keys as {@link openInternalKeys} finds them now, for whoever does not follow their changes. */
export async function loadInternalKeys(file: string): Promise<InternalKeys> {
  return (await openInternalKeys(file)).current();
}
