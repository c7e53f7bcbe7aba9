import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { JWK } from 'jose';
import { sm2 } from 'sm-crypto-v2';
import type { SigningKeys } from '../identity/signing-key-file.js';

/** `ed25519` (RFC 8032) with SHA-256 digests, or the national `sm2-sm3` (GB/T 32918, GB/T 32905) where a rule asks for it. */
export const SIGNATURE_ALGORITHMS = ['ed25519', 'sm2-sm3'] as const;
export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number];

interface Parts {
  /** As Content-Digest names it (RFC 9530); SM3 has no registered name. */
  readonly digestName: string;
  readonly digest: string;
  /** `alg` of its keys. */
  readonly keyAlgorithm: string;
  readonly generate: () => { privateKey: JWK; publicKey: JWK };
  readonly sign: (text: string, key: JWK) => Buffer;
  readonly verify: (text: string, key: JWK, signature: Buffer) => boolean;
}

export const ALGORITHMS: Record<SignatureAlgorithm, Parts> = {
  ed25519: {
    digestName: 'sha-256',
    digest: 'sha256',
    keyAlgorithm: 'EdDSA',
    generate() {
      const { privateKey, publicKey } = generateKeyPairSync('ed25519');
      return { privateKey: privateKey.export({ format: 'jwk' }), publicKey: publicKey.export({ format: 'jwk' }) };
    },
    sign: (text, key) => sign(null, Buffer.from(text), createPrivateKey({ key, format: 'jwk' })),
    verify: (text, key, signature) => verify(null, Buffer.from(text), createPublicKey({ key, format: 'jwk' }), signature),
  },
  'sm2-sm3': {
    digestName: 'sm3',
    digest: 'sm3',
    keyAlgorithm: 'SM2',
    generate() {
      const { privateKey, publicKey } = sm2.generateKeyPairHex();
      // 04, then the coordinates, 32 bytes each
      const half = (from: number) => Buffer.from(publicKey.slice(from, from + 64), 'hex').toString('base64url');
      const point = { kty: 'EC', crv: 'SM2', x: half(2), y: half(66) };
      return { publicKey: point, privateKey: { ...point, d: Buffer.from(privateKey, 'hex').toString('base64url') } };
    },
    // with the default identity 1234567812345678 of GB/T 32918.2
    sign: (text, key) => Buffer.from(sm2.doSignature(bytes(text), hex(key.d), { hash: true, der: false, publicKey: point(key) }), 'hex'),
    verify: (text, key, signature) => sm2.doVerifySignature(bytes(text), signature.toString('hex'), point(key), { hash: true, der: false }),
  },
};

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const hex = (value: unknown) => Buffer.from(String(value), 'base64url').toString('hex').padStart(64, '0');
const point = ({ x, y }: JWK) => `04${hex(x)}${hex(y)}`;

export function generateSigningKeys(algorithm: SignatureAlgorithm): SigningKeys {
  const { keyAlgorithm, generate } = ALGORITHMS[algorithm];
  const { privateKey, publicKey } = generate();
  const named = { kid: randomUUID(), alg: keyAlgorithm };
  return { privateKey: { ...privateKey, ...named }, publicKeys: { keys: [{ ...publicKey, ...named, use: 'sig' }] } };
}

/** What a key signs with. @throws Error for a key of another kind */
export function algorithmOf({ alg }: JWK): SignatureAlgorithm {
  const found = SIGNATURE_ALGORITHMS.find((name) => ALGORITHMS[name].keyAlgorithm === alg);
  if (found === undefined) throw new Error('a key of an algorithm that is not known here');
  return found;
}

/** The value of a Content-Digest header: `sha-256=:…:`. */
export function contentDigest(algorithm: SignatureAlgorithm, body: string | Uint8Array): string {
  const { digestName, digest } = ALGORITHMS[algorithm];
  return `${digestName}=:${createHash(digest).update(body).digest('base64')}:`;
}
