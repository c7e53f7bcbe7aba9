import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { JSONWebKeySet, JWK } from 'jose';
import { keysOf } from './key-file.js';

/** A party's signing key, and the public halves that its signatures are checked with: the current one and earlier ones. */
export interface SigningKeys {
  readonly privateKey: JWK;
  readonly publicKeys: JSONWebKeySet;
}

/** A public key that is not used for signing any more. */
export interface RetiredKey extends JWK {
  /** RFC 3339. */
  readonly retiredAt?: string;
}

/** Keys that may change while the system runs. */
export interface KeySource {
  /** Another object when the keys have changed. */
  current(): SigningKeys;
  /** Looks whether the keys have changed; cheap enough to be asked for every unknown key. */
  refresh(): void;
}

export function fixedKeys(keys: SigningKeys): KeySource {
  return { current: () => keys, refresh: () => {} };
}

/**
 * Keys in a JSON file that is its owner's alone. Whoever signs looks at the file now and then, whoever checks a signature
 * when it meets a key it does not know: a new key is in use at once, signatures of the one before stay good, and nothing
 * is restarted.
 */
export class SigningKeyFile implements KeySource {
  #keys: SigningKeys;
  #state: string;

  private constructor(
    readonly file: string,
    keys: SigningKeys,
    /** Where the public halves are written beside, for those who may not read the private one. */
    readonly publicFile: string | undefined,
  ) {
    this.#keys = keys;
    this.#state = stateOf(file);
  }

  /** Opens the file, or makes it. @throws Error for a file that holds no keys. */
  static async open(
    file: string,
    make: () => Promise<SigningKeys>,
    { check = () => {}, publicFile }: { check?: (keys: SigningKeys) => unknown; publicFile?: string } = {},
  ): Promise<SigningKeyFile> {
    const opened = new SigningKeyFile(file, await keysOf(file, make, check), publicFile);
    opened.#publish();
    return opened;
  }

  current(): SigningKeys {
    return this.#keys;
  }

  /** While the file can't be read, being replaced or being no keys, those that were read last are used on. */
  refresh(): void {
    try {
      this.#read();
    } catch {
      // looked at again at the next question
    }
  }

  /** @throws Error when the file can't be read, or holds no keys */
  #read(): void {
    const state = stateOf(this.file);
    if (state === this.#state) return;
    const keys = JSON.parse(readFileSync(this.file, 'utf8')) as SigningKeys;
    if (!Array.isArray(keys.publicKeys?.keys) || typeof keys.privateKey?.kty !== 'string') throw new Error(`${this.file} holds no keys`);
    this.#keys = keys;
    this.#state = state;
  }

  /**
   * Puts a new key to use.
   * @param retiredAt since when the keys before it sign nothing; the beginning of time for keys that got into wrong hands
   */
  rotate(made: SigningKeys, retiredAt: Date): void {
    this.#read();
    const earlier = this.#keys.publicKeys.keys.map((key): RetiredKey => {
      const before = (key as RetiredKey).retiredAt;
      return { ...key, retiredAt: before !== undefined && before < retiredAt.toISOString() ? before : retiredAt.toISOString() };
    });
    replace(this.file, { privateKey: made.privateKey, publicKeys: { keys: [...made.publicKeys.keys, ...earlier] } }, 0o600);
    this.#read();
    this.#publish();
  }

  #publish(): void {
    // where keys are mounted read-only, both files are there already
    if (this.publicFile === undefined || isDeepStrictEqual(readKeys(this.publicFile), this.#keys.publicKeys)) return;
    replace(this.publicFile, this.#keys.publicKeys, 0o644);
  }
}

/** The public keys that a signature made now may have been made with: none that was retired longer ago than `overlap` milliseconds. */
export function usableKeys({ keys }: JSONWebKeySet, now: number, overlap: number): JWK[] {
  return keys.filter((key) => {
    const { retiredAt } = key as RetiredKey;
    return retiredAt === undefined || Date.parse(retiredAt) + overlap > now;
  });
}

function readKeys(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function stateOf(file: string): string {
  const { mtimeNs, size, ino } = statSync(file, { bigint: true });
  return `${mtimeNs} ${size} ${ino}`;
}

/** Whole or not at all. */
function replace(file: string, content: unknown, mode: number): void {
  const draft = `${file}.${process.pid}.${randomUUID()}`;
  try {
    writeFileSync(draft, JSON.stringify(content), { mode, flag: 'wx', flush: true });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
