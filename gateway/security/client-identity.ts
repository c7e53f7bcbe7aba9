import { createLocalJWKSet, createRemoteJWKSet, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { ANONYMOUS, type Caller } from '../../subgraphs/kit/identity/caller.js';
import { SHARED_SUBJECT } from '../subscriptions/viewer.js';

/** Signature algorithms a client's token may use. Neither `none` nor a shared secret is among them. */
const ALGORITHMS = ['EdDSA', 'RS256', 'ES256'];
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 10;

export interface EstablishedIdentity {
  readonly caller: Caller;
  /** When the token expires, in milliseconds since the epoch; absent for an anonymous caller. */
  readonly expiresAt?: number;
}

/** Establishes who a client is. */
export interface ClientIdentity {
  /**
   * @param authorization the header of an HTTP request, or `authorization` of a socket's connection_init payload.
   * @throws CataloguedError UNAUTHENTICATED for a token that is not valid: the same for every fault, and telling none.
   */
  establish(authorization: string | undefined, requestId: string): Promise<EstablishedIdentity>;
}

export interface IssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's public keys, or where they are published. */
  readonly keys: JSONWebKeySet | URL;
}

/** Everybody is anonymous, whatever they send. */
export const everybodyAnonymous: ClientIdentity = {
  establish: async (_authorization, requestId) => ({ caller: { ...ANONYMOUS, requestId } }),
};

/** Clients present JWTs of one issuer with the claims `sub` and `roles`; without a token they are anonymous. */
export function createClientIdentity({ issuer, audience, keys }: IssuerOptions): ClientIdentity {
  const keyFor: JWTVerifyGetKey = keys instanceof URL ? createRemoteJWKSet(keys, { timeoutDuration: 2_000 }) : createLocalJWKSet(keys);
  return {
    async establish(authorization, requestId) {
      if (authorization === undefined || authorization === '') return { caller: { ...ANONYMOUS, requestId } };
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      try {
        if (token === undefined) throw new Error('not a bearer token');
        const { payload } = await jwtVerify(token, keyFor, {
          issuer,
          audience,
          algorithms: ALGORITHMS,
          clockTolerance: CLOCK_TOLERANCE,
          requiredClaims: ['sub', 'exp'],
        });
        // names under which the gateway itself asks on behalf of several people
        if (payload.sub?.startsWith(SHARED_SUBJECT) === true) throw new Error('a reserved subject');
        const roles: unknown[] = Array.isArray(payload['roles']) ? payload['roles'] : [];
        const caller: Caller = {
          subject: payload.sub as string,
          // `platform` is for the platform's own services, which never come through here
          roles: roles.filter((role) => typeof role === 'string' && role !== 'platform') as string[],
          requestId,
        };
        return { caller, expiresAt: (payload.exp as number) * 1_000 };
      } catch {
        throw new CataloguedError('UNAUTHENTICATED', 'the token is not valid', {
          http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) },
        });
      }
    },
  };
}
