import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { InternalKeys } from '../../../subgraphs/kit/identity/internal-keys.js';
import type { Faults } from './faults.js';

export interface PlainCaller {
  roles: string[];
}

/** Checks internal tokens by hand, as a department without a library would. */
export class PlainTokens {
  readonly #key: KeyObject;

  constructor(
    { publicKeys }: Pick<InternalKeys, 'publicKeys'>,
    readonly audience: string,
    readonly faults: Faults,
  ) {
    this.#key = createPublicKey({ key: publicKeys.keys[0] as never, format: 'jwk' });
  }

  /** Undefined when the token is no good. The faults concern HTTP; a socket's token has a fault of its own. */
  caller(authorization: string | undefined, faults: Faults = this.faults): PlainCaller | undefined {
    if (authorization === undefined && faults.has('token not required')) return PLATFORM;
    const [header, payload, signature] = (/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '').split('.');
    if (header === undefined || payload === undefined || signature === undefined) return undefined;
    try {
      const { alg } = decoded(header);
      const signed = verify(null, Buffer.from(`${header}.${payload}`), this.#key, Buffer.from(signature, 'base64url'));
      const passes = alg === 'none' ? faults.has('unsigned token accepted') : signed || faults.has('signature not checked');
      const claims = decoded(payload);
      if (!passes || claims['iss'] !== 'acceptance') return undefined;
      if (claims['aud'] !== this.audience && !faults.has('audience not checked')) return undefined;
      if (Number(claims['exp']) * 1_000 < Date.now() - 10_000 && !faults.has('expiry not checked')) return undefined;
      return { roles: claims['roles'] as string[] };
    } catch {
      return faults.has('garbage token accepted') ? PLATFORM : undefined;
    }
  }
}

const PLATFORM: PlainCaller = { roles: ['platform'] };

function decoded(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;
}
