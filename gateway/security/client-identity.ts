import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { CataloguedError } from '../../subgraphs/kit/errors/catalogued-error.js';
import { ANONYMOUS, type Caller } from '../../subgraphs/kit/identity/caller.js';
import { SHARED_SUBJECT } from '../subscriptions/viewer.js';
import { IssuerKeysUnavailable, issuerKeys, type KeySource } from './issuer-keys.js';

/** Signature algorithms a client's token may use. Neither `none` nor a shared secret is among them, nor may be by configuration. */
export const ALGORITHMS = ['EdDSA', 'Ed25519', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
const USUAL_ALGORITHMS: readonly Algorithm[] = ['EdDSA', 'RS256', 'ES256'];
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 10;
/** Characters of the longest token that is looked at. */
const LONGEST_TOKEN = 8_192;

export interface EstablishedIdentity {
  readonly caller: Caller;
  /** When the token expires, in milliseconds since the epoch; absent for an anonymous caller. */
  readonly expiresAt?: number;
}

/** Establishes who a client is. */
export interface ClientIdentity {
  /**
   * @param authorization the header of an HTTP request, or `authorization` of a socket's connection_init payload.
   * @throws CataloguedError UNAUTHENTICATED for a token that is not valid: the same for every fault, and telling none;
   * IDENTITY_UNAVAILABLE while its issuer's keys can't be had.
   */
  establish(authorization: string | undefined, requestId: string): Promise<EstablishedIdentity>;
}

export interface IssuerOptions {
  readonly issuer: string;
  readonly audience: string;
  /** The issuer's public keys, or where they are published. */
  readonly keys: KeySource;
}

export interface IdentityOptions {
  /** `EdDSA`, `RS256` and `ES256` by default. */
  readonly algorithms?: readonly Algorithm[] | undefined;
  /** Seconds; 10 by default. */
  readonly clockTolerance?: number | undefined;
  /** Told when an issuer's keys can't be had, once until they can again. */
  readonly onKeysUnavailable?: ((issuer: string, error: unknown) => void) | undefined;
}

/** Everybody is anonymous, whatever they send. */
export const everybodyAnonymous: ClientIdentity = {
  establish: async (_authorization, requestId) => ({ caller: { ...ANONYMOUS, requestId } }),
};

/**
 * Clients present JWTs of one of the issuers with the claims `sub`, `roles` and, if they like, `scope` (a text of words) or
 * `scopes` (a list); without a token they are anonymous. A token is checked with the keys and for the audience of the issuer it names.
 */
export function createClientIdentity(issuers: IssuerOptions | readonly IssuerOptions[], options: IdentityOptions = {}): ClientIdentity {
  const { algorithms = USUAL_ALGORITHMS, clockTolerance = CLOCK_TOLERANCE, onKeysUnavailable } = options;
  const known = new Map(
    (Array.isArray(issuers) ? (issuers as readonly IssuerOptions[]) : [issuers as IssuerOptions]).map(({ issuer, audience, keys }) => [
      issuer,
      { issuer, audience, keyFor: issuerKeys(keys, { onUnavailable: (error) => onKeysUnavailable?.(issuer, error) }) },
    ]),
  );
  return {
    async establish(authorization, requestId) {
      if (authorization === undefined || authorization === '') return { caller: { ...ANONYMOUS, requestId } };
      try {
        const token = /^Bearer +(\S+)$/i.exec(authorization.slice(0, LONGEST_TOKEN))?.[1];
        if (token === undefined || authorization.length > LONGEST_TOKEN) throw new Error('not a bearer token');
        // said by whoever sent it; only chooses the keys that it is then checked with
        const named = known.get(decodeJwt(token).iss ?? '');
        if (named === undefined) throw new Error('of an unknown issuer');
        const { issuer, audience, keyFor } = named;
        const requiredClaims = ['sub', 'exp'];
        const { payload } = await jwtVerify(token, keyFor, {
          issuer,
          audience,
          algorithms: [...algorithms],
          clockTolerance,
          requiredClaims,
        });
        return { caller: callerOf(payload, requestId), expiresAt: (payload.exp as number) * 1_000 };
      } catch (error) {
        // no verdict on the token: the client keeps it and comes again
        if (error instanceof IssuerKeysUnavailable)
          throw new CataloguedError('IDENTITY_UNAVAILABLE', "tokens can't be checked now: their issuer does not answer; come again", {
            http: { status: 503, headers: new Map([['retry-after', '2']]) },
          });
        throw new CataloguedError('UNAUTHENTICATED', 'the token is not valid', {
          http: { status: 401, headers: new Map([['www-authenticate', 'Bearer']]) },
        });
      }
    },
  };
}

function callerOf(payload: JWTPayload, requestId: string): Caller {
  const subject = payload.sub as string;
  // names under which the gateway itself asks on behalf of nobody, or of several people
  if (subject === ANONYMOUS.subject || subject.startsWith(SHARED_SUBJECT)) throw new Error('a reserved subject');
  const scopes = [...words(payload['scope']), ...words(payload['scopes'])]
    // those that come with roles are not for a token to claim
    .filter((scope) => !scope.startsWith('role:'));
  return {
    subject,
    // `platform` is for the platform's own services, which never come through here
    roles: listed(payload['roles']).filter((role) => role !== 'platform'),
    ...(scopes.length > 0 && { scopes }),
    requestId,
  };
}

const listed = (value: unknown): string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
const words = (value: unknown): string[] => (typeof value === 'string' ? value.split(/\s+/).filter((word) => word !== '') : listed(value));
