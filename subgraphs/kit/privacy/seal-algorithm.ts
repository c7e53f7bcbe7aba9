import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * How personal data is sealed: AES-256-GCM (NIST SP 800-38D), or the national SM4-GCM with SM3 (GB/T 32907, GB/T 32905)
 * where a rule asks for it. Both authenticate what they hide.
 */
export const SEAL_ALGORITHMS = ['aes-256-gcm', 'sm4-gcm'] as const;
export type SealAlgorithm = (typeof SEAL_ALGORITHMS)[number];

/** Bytes of a secret, whatever it is used with: the keys of each algorithm are derived from it. */
export const SECRET_LENGTH = 32;
const NONCE_LENGTH = 12;
export const TAG_LENGTH = 16;

/** What keys are derived with, and their bytes. */
export const PARTS = {
  'aes-256-gcm': { digest: 'sha256', keyLength: 32 },
  'sm4-gcm': { digest: 'sm3', keyLength: 16 },
} as const satisfies Record<SealAlgorithm, { digest: string; keyLength: number }>;

/** One secret used with one algorithm: it seals, opens, and makes digests by which sealed values can be looked up. */
export class SealKey {
  readonly #sealing: Buffer;
  readonly #hashing: Buffer;

  constructor(
    readonly algorithm: SealAlgorithm,
    secret: Uint8Array,
  ) {
    const { digest, keyLength } = PARTS[algorithm];
    const derive = (use: string, length: number) => Buffer.from(hkdfSync(digest, secret, '', `acceptance personal data ${use}`, length));
    // a key is used for one thing only: the digests in an index must not weaken what seals
    this.#sealing = derive(`${algorithm} seal`, keyLength);
    this.#hashing = derive(`${algorithm} look-up`, SECRET_LENGTH);
  }

  /** @param context where the value stands, such as `application.applicant_name`: moved elsewhere it can't be opened. */
  seal(text: string, context: string): Buffer {
    const nonce = randomBytes(NONCE_LENGTH);
    // the one type of Node's declarations that knows of tags names AES only
    const cipher = createCipheriv(this.algorithm as 'aes-256-gcm', this.#sealing, nonce);
    cipher.setAAD(Buffer.from(context));
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), hidden]);
  }

  /** @throws Error when it was altered, moved, or sealed with another key. */
  open(sealed: Buffer, context: string): string {
    const nonce = sealed.subarray(0, NONCE_LENGTH);
    const tag = sealed.subarray(NONCE_LENGTH, NONCE_LENGTH + TAG_LENGTH);
    const decipher = createDecipheriv(this.algorithm as 'aes-256-gcm', this.#sealing, nonce, { authTagLength: TAG_LENGTH });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(tag);
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_LENGTH + TAG_LENGTH)), decipher.final()]).toString('utf8');
  }

  /** The same for the same text and key; without the key it says nothing, however few texts are possible. 64 hexadecimal digits. */
  hash(text: string): string {
    return createHmac(PARTS[this.algorithm].digest, this.#hashing).update(text).digest('hex');
  }
}
