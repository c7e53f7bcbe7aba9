import { createHash, type Hash } from 'node:crypto';
import type { StoredFile } from './file-store.js';

/** Hashes a content while it passes: SHA-256, and SM3 (GB/T 32905) for systems that know the national algorithms only. */
export class ContentHashes {
  readonly #sha256: Hash = createHash('sha256');
  readonly #sm3: Hash = createHash('sm3');
  #size = 0;

  get size(): number {
    return this.#size;
  }

  update(chunk: Uint8Array): void {
    this.#size += chunk.byteLength;
    this.#sha256.update(chunk);
    this.#sm3.update(chunk);
  }

  /** Once, at the end. */
  digest(): StoredFile {
    return { size: this.#size, sha256: this.#sha256.digest('hex'), sm3: this.#sm3.digest('hex') };
  }
}

export function contentHashes(content: Uint8Array): StoredFile {
  const hashes = new ContentHashes();
  hashes.update(content);
  return hashes.digest();
}
