import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { JSONWebKeySet, JWK } from 'jose';
import { CataloguedError } from '../errors/catalogued-error.js';
import { SigningKeyFile, usableKeys } from '../identity/signing-key-file.js';
import { algorithmOf, generateSigningKeys, type SignatureAlgorithm } from './signature-algorithm.js';

/** The platform's services sign as one party; a department signs as itself, by its code. */
export const PLATFORM_PARTY = 'platform';
const PARTY = /^[a-z0-9-]{1,32}$/;
/** Milliseconds for which a retired key is good for requests on their way; for proofs it is good for ever. */
const OVERLAP = 10 * 60_000;

/**
 * The parties of the exchange in one directory: `drug.json` is drug's own key, on drug's machines only; `drug.public.json`
 * are the public halves, which whoever checks its signatures is given. Files may change while the system runs.
 */
export class ExchangeKeys {
  readonly #own = new Map<string, Promise<SigningKeyFile>>();
  readonly #public = new Map<string, { state: string; keys: JSONWebKeySet }>();

  constructor(
    readonly directory: string,
    readonly algorithm: SignatureAlgorithm,
    /** Called in place of making a key that is not there, with the file it should be in. */
    readonly instead?: (file: string) => never,
  ) {}

  /** A party's own key, made at the first use. */
  async signingKey(party: string): Promise<JWK> {
    const file = await this.#file(party);
    file.refresh();
    return file.current().privateKey;
  }

  /** A party's public key by its id. @param now undefined to find retired ones, too */
  publicKey(party: string, keyId: string, now?: number): JWK | undefined {
    const keys = this.#publicKeys(party);
    const good = now === undefined ? keys.keys : usableKeys(keys, now, OVERLAP);
    return good.find(({ kid }) => kid === keyId);
  }

  /** A party's public keys; with those that were retired, as old signatures are proved by them. */
  publicKeys(party: string): JSONWebKeySet {
    return this.#publicKeys(party);
  }

  /** Puts a new key of a party's own to use. @param retiredAt of the keys before; the beginning of time when they are in wrong hands */
  async rotate(party: string, retiredAt: Date): Promise<string> {
    const made = generateSigningKeys(this.algorithm);
    (await this.#file(party)).rotate(made, retiredAt);
    return String(made.privateKey.kid);
  }

  #file(party: string): Promise<SigningKeyFile> {
    if (!PARTY.test(party)) throw new CataloguedError('CONFIGURATION_INVALID', 'a party of the exchange is platform or a department code');
    let file = this.#own.get(party);
    if (file === undefined) {
      const path = join(this.directory, `${party}.json`);
      file = SigningKeyFile.open(path, async () => this.instead?.(path) ?? generateSigningKeys(this.algorithm), {
        check: ({ privateKey }) => algorithmOf(privateKey),
        publicFile: this.#publicFile(party),
      });
      this.#own.set(party, file);
    }
    return file;
  }

  #publicKeys(party: string): JSONWebKeySet {
    if (!PARTY.test(party)) return { keys: [] };
    try {
      const { mtimeNs, size, ino } = statSync(this.#publicFile(party), { bigint: true });
      const state = `${mtimeNs} ${size} ${ino}`;
      const known = this.#public.get(party);
      if (known?.state === state) return known.keys;
      const keys = JSON.parse(readFileSync(this.#publicFile(party), 'utf8')) as JSONWebKeySet;
      this.#public.set(party, { state, keys });
      return keys;
    } catch {
      // nobody has given this party's keys: its signatures can't be checked, and so are not good
      return { keys: [] };
    }
  }

  #publicFile(party: string): string {
    return join(this.directory, `${party}.public.json`);
  }
}
