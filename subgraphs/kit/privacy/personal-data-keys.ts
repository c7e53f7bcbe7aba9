import { type SealAlgorithm, SealKey } from './seal-algorithm.js';

/** A secret with a name, which is stored beside whatever it seals. */
export interface PersonalDataSecret {
  /** At most 32 of a-z, 0-9 and -: databases differ in which letters are equal. */
  readonly id: string;
  readonly secret: Uint8Array;
}

/** Where secrets come from; the first is the current one. */
export interface SecretSource {
  /** Undefined when nothing has changed since it was last read. Cheap enough to be asked often. */
  readChanged(): readonly PersonalDataSecret[] | undefined;
}

/** `pd1.<algorithm>.<key id>.<nonce, tag and ciphertext>`. */
const SEALED = /^pd1\.(a|s)\.([a-z0-9-]{1,32})\.([\w-]{38,})$/;
const LETTERS = { 'aes-256-gcm': 'a', 'sm4-gcm': 's' } as const satisfies Record<SealAlgorithm, string>;
const ALGORITHMS = { a: 'aes-256-gcm', s: 'sm4-gcm' } as const;

/** It was sealed with a key that is not among the configured ones, or it was altered. Says nothing of the value. */
export class PersonalDataUnreadable extends Error {
  override readonly name = 'PersonalDataUnreadable';
}

/**
 * The keys personal data is sealed with at rest. The current one seals; every one opens. A value tells which key and
 * algorithm it needs, so keys and algorithm change while the system runs and re-keying may take its time.
 */
export class PersonalDataKeys {
  #secrets = new Map<string, Uint8Array>();
  #keys = new Map<string, SealKey>();
  #currentId = '';
  /** Values that could not be sealed or opened. */
  readonly failures = { seal: 0, open: 0 };

  constructor(
    readonly algorithm: SealAlgorithm,
    readonly source: SecretSource,
  ) {
    this.refresh();
  }

  get currentId(): string {
    return this.#currentId;
  }

  /** What every value sealed with the current key and algorithm begins with. */
  get currentPrefix(): string {
    return `pd1.${LETTERS[this.algorithm]}.${this.#currentId}.`;
  }

  /** What values sealed with a key begin with, by algorithm. */
  prefixesOf(id: string): string[] {
    return Object.values(LETTERS).map((letter) => `pd1.${letter}.${id}.`);
  }

  get ids(): readonly string[] {
    return [...this.#secrets.keys()];
  }

  /** Takes over what changed at the source. @returns whether anything did */
  refresh(): boolean {
    const read = this.source.readChanged();
    if (read === undefined) return false;
    const [first] = read;
    if (first === undefined) throw new Error('there is no key for personal data');
    this.#secrets = new Map(read.map(({ id, secret }) => [id, secret]));
    this.#currentId = first.id;
    this.#keys.clear();
    return true;
  }

  seal(text: string, context: string): string {
    try {
      const key = this.#key(this.algorithm, this.#currentId) as SealKey;
      return this.currentPrefix + key.seal(text, context).toString('base64url');
    } catch (error) {
      this.failures.seal++;
      throw error;
    }
  }

  /**
   * @returns the text; a value that is not sealed comes back as it is: rows from before sealing are read until they are re-keyed.
   * @throws PersonalDataUnreadable
   */
  open(value: string, context: string): string {
    const found = SEALED.exec(value);
    if (found === null) return value;
    const [, letter, id, sealed] = found as unknown as [string, keyof typeof ALGORITHMS, string, string];
    let key = this.#key(ALGORITHMS[letter], id);
    // another process may have begun to use a newer key
    if (key === undefined && this.refresh()) key = this.#key(ALGORITHMS[letter], id);
    if (key === undefined) {
      this.failures.open++;
      throw new PersonalDataUnreadable(`personal data was sealed with the key ${id}, which is not configured`);
    }
    try {
      return key.open(Buffer.from(sealed, 'base64url'), context);
    } catch {
      this.failures.open++;
      throw new PersonalDataUnreadable(
        `personal data sealed with the key ${id} does not open: it was altered or moved, or the key is another`,
      );
    }
  }

  isSealed(value: string): boolean {
    return SEALED.test(value);
  }

  /** For the look-up column of a value that is written now. */
  hash(text: string): string {
    return (this.#key(this.algorithm, this.#currentId) as SealKey).hash(text);
  }

  /** What the look-up column may hold for a text, until every row is re-keyed. */
  hashes(text: string): string[] {
    this.refresh();
    return this.ids.flatMap((id) =>
      (Object.keys(LETTERS) as SealAlgorithm[]).map((algorithm) => (this.#key(algorithm, id) as SealKey).hash(text)),
    );
  }

  #key(algorithm: SealAlgorithm, id: string): SealKey | undefined {
    const name = `${algorithm} ${id}`;
    let key = this.#keys.get(name);
    const secret = this.#secrets.get(id);
    if (key === undefined && secret !== undefined) {
      key = new SealKey(algorithm, secret);
      this.#keys.set(name, key);
    }
    return key;
  }
}
