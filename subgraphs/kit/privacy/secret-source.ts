import { randomBytes, randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CataloguedError } from '../errors/catalogued-error.js';
import type { PersonalDataSecret, SecretSource } from './personal-data-keys.js';
import { SECRET_LENGTH } from './seal-algorithm.js';

/** Secrets that stay as they are until the process is started anew. */
export function fixedSecrets(secrets: readonly PersonalDataSecret[]): SecretSource {
  let read = false;
  return {
    readChanged() {
      if (read) return undefined;
      read = true;
      return secrets;
    },
  };
}

/**
 * Reads `id:base64,id:base64`, the current one first.
 * @throws CataloguedError CONFIGURATION_INVALID; the message never repeats a secret
 */
export function parseSecrets(text: string): PersonalDataSecret[] {
  const secrets = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry, index) => {
      const [, id, base64] = /^([a-z0-9-]{1,32}):([A-Za-z0-9+/_-]+=*)$/.exec(entry) ?? [];
      const secret = Buffer.from(base64 ?? '', 'base64');
      if (id === undefined || secret.length !== SECRET_LENGTH) {
        throw new CataloguedError(
          'CONFIGURATION_INVALID',
          `PERSONAL_DATA_KEYS: entry ${index + 1} must be id:base64 with ${SECRET_LENGTH} bytes (openssl rand -base64 ${SECRET_LENGTH})`,
        );
      }
      return { id, secret };
    });
  if (secrets.length === 0) throw new CataloguedError('CONFIGURATION_INVALID', 'PERSONAL_DATA_KEYS names no key');
  if (new Set(secrets.map(({ id }) => id)).size < secrets.length)
    throw new CataloguedError('CONFIGURATION_INVALID', 'PERSONAL_DATA_KEYS names a key twice');
  return secrets;
}

/** Makes a secret nobody has. */
export function newSecret(): PersonalDataSecret {
  return { id: `k${randomUUID().slice(0, 8)}`, secret: randomBytes(SECRET_LENGTH) };
}

/**
 * A file of the same form as PERSONAL_DATA_KEYS, one entry a line, made when it is not there, readable by its owner alone.
 * It is read again whenever it has changed, so that a new key is put to use without a restart.
 */
export class SecretFile implements SecretSource {
  #seen = '';

  /** @param mayMake without it, a file that is not there is refused: what is sealed by a new key, others can't read. */
  constructor(
    readonly file: string,
    mayMake = true,
  ) {
    try {
      statSync(file);
    } catch {
      if (!mayMake)
        throw new CataloguedError('CONFIGURATION_INVALID', `PERSONAL_DATA_KEYS_FILE is ${JSON.stringify(file)}, which is not there`);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      this.#write([newSecret()], linkSync);
    }
  }

  readChanged(): readonly PersonalDataSecret[] | undefined {
    const { mtimeNs, size, ino } = statSync(this.file, { bigint: true });
    const state = `${mtimeNs} ${size} ${ino}`;
    if (state === this.#seen) return undefined;
    const secrets = this.#read();
    this.#seen = state;
    return secrets;
  }

  /** Puts a new key first; the others go on opening what they sealed. @returns its id */
  addCurrent(): string {
    const made = newSecret();
    this.#write([made, ...this.#read()], renameSync);
    return made.id;
  }

  /** Forgets keys that seal nothing any more. */
  remove(ids: readonly string[]): void {
    this.#write(
      this.#read().filter(({ id }, index) => index === 0 || !ids.includes(id)),
      renameSync,
    );
  }

  #read(): PersonalDataSecret[] {
    return parseSecrets(readFileSync(this.file, 'utf8').replaceAll('\n', ','));
  }

  /** Whole or not at all; of processes that start at once, one makes the file. */
  #write(secrets: readonly PersonalDataSecret[], place: (from: string, to: string) => void): void {
    const draft = `${this.file}.${process.pid}.${randomUUID()}`;
    const text = secrets.map(({ id, secret }) => `${id}:${Buffer.from(secret).toString('base64')}\n`).join('');
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    try {
      place(draft, this.file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft, { force: true });
    }
  }
}
