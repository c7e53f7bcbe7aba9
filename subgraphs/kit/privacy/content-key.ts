import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { PARTS, SEAL_ALGORITHMS, SECRET_LENGTH, type SealAlgorithm, TAG_LENGTH } from './seal-algorithm.js';

/** Bytes that are sealed at once: as much of a file as is ever in memory. */
const CHUNK = 64 * 1024;

/** A file was altered, cut off or moved since it was sealed. */
export class ContentUnreadable extends Error {
  override readonly name = 'ContentUnreadable';
}

/**
 * The key of one file. Its text is personal data's keeper and is kept sealed beside the file's name, so that changing the
 * keys of personal data seals a few bytes anew and no file.
 *
 * Chunks of 64 KiB are sealed one after the other (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
 * CRYPTO 2015): the nonce counts them and marks the last one, so none can be left out, repeated or put elsewhere.
 */
export class ContentKey {
  private constructor(
    readonly algorithm: SealAlgorithm,
    readonly secret: Uint8Array,
  ) {}

  static create(algorithm: SealAlgorithm): ContentKey {
    return new ContentKey(algorithm, randomBytes(SECRET_LENGTH));
  }

  /** @throws ContentUnreadable when the text is not a key's */
  static parse(text: string): ContentKey {
    const [name, secret = ''] = text.split(':');
    const algorithm = SEAL_ALGORITHMS.find((known) => known === name);
    const bytes = Buffer.from(secret, 'base64url');
    if (algorithm === undefined || bytes.byteLength !== SECRET_LENGTH) throw new ContentUnreadable('this is no key of a file');
    return new ContentKey(algorithm, bytes);
  }

  toString(): string {
    return `${this.algorithm}:${Buffer.from(this.secret).toString('base64url')}`;
  }

  /** Bytes of a content of `size` bytes once it is sealed. */
  static sealedSize(size: number): number {
    return size + TAG_LENGTH * Math.max(1, Math.ceil(size / CHUNK));
  }

  /** @param name what the file is called: under another name, with another content, it must not be sealed with this key */
  seal(name: string): Transform {
    const key = this.#key(name);
    return new Chunks(CHUNK, (chunk, nonce) => {
      // the one type of Node's declarations that knows of tags names AES only
      const cipher = createCipheriv(this.algorithm as 'aes-256-gcm', key, nonce);
      return Buffer.concat([cipher.update(chunk), cipher.final(), cipher.getAuthTag()]);
    });
  }

  /** Fails with ContentUnreadable at the first chunk that is not as it was sealed; those before it are good. */
  open(name: string): Transform {
    const key = this.#key(name);
    return new Chunks(CHUNK + TAG_LENGTH, (chunk, nonce) => {
      try {
        const decipher = createDecipheriv(this.algorithm as 'aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
        decipher.setAuthTag(chunk.subarray(-TAG_LENGTH));
        return Buffer.concat([decipher.update(chunk.subarray(0, -TAG_LENGTH)), decipher.final()]);
      } catch {
        throw new ContentUnreadable('a file was altered, cut off or moved since it was sealed');
      }
    });
  }

  #key(name: string): Buffer {
    const { digest, keyLength } = PARTS[this.algorithm];
    return Buffer.from(hkdfSync(digest, this.secret, '', `acceptance file ${name}`, keyLength));
  }
}

/** Gives what passes in chunks of one length, and the rest at the end, which may be empty and is marked as the last one. */
class Chunks extends Transform {
  readonly #length: number;
  readonly #turn: (chunk: Buffer, nonce: Buffer) => Buffer;
  #held: Buffer[] = [];
  #size = 0;
  #count = 0n;

  constructor(length: number, turn: (chunk: Buffer, nonce: Buffer) => Buffer) {
    super();
    this.#length = length;
    this.#turn = turn;
  }

  override _transform(bytes: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held.push(bytes);
    this.#size += bytes.byteLength;
    this.#attempt(done, () => {
      // a whole chunk is held back until it is known whether it is the last one
      if (this.#size <= this.#length) return;
      let rest = Buffer.concat(this.#held);
      for (; rest.byteLength > this.#length; rest = rest.subarray(this.#length)) this.#give(rest.subarray(0, this.#length), false);
      this.#held = [rest];
      this.#size = rest.byteLength;
    });
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(done, () => this.#give(Buffer.concat(this.#held), true));
  }

  #give(chunk: Buffer, last: boolean): void {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(this.#count++, 0);
    nonce[11] = last ? 1 : 0;
    this.push(this.#turn(chunk, nonce));
  }

  #attempt(done: TransformCallback, work: () => void): void {
    try {
      work();
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}
