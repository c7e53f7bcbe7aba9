import { randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import { CataloguedError } from '../errors/catalogued-error.js';
import { ALGORITHMS, algorithmOf, contentDigest } from './signature-algorithm.js';

/** Says for whom a request is, so that one recipient can't pass it on to another. */
export const RECIPIENT_HEADER = 'acceptance-recipient';
const LABEL = 'acceptance';
/** What is signed, in this order (RFC 9421, section 2). */
const COMPONENTS = ['@method', '@path', 'content-digest', RECIPIENT_HEADER, 'x-request-id'] as const;
/** Seconds by which the clocks of two systems, and the time on the way, may differ. */
const WINDOW = 300;
const INPUT = new RegExp(
  `^${LABEL}=(\\(${COMPONENTS.map((name) => `"${name}"`).join(' ')}\\);created=(\\d{1,12});nonce="([\\w-]{16,64})";keyid="([a-z0-9-]{1,32}):([\\w-]{1,64})";alg="([a-z0-9-]+)")$`,
);
const SIGNATURE = new RegExp(`^${LABEL}=:([A-Za-z0-9+/]+=*):$`);

/** A request as both ends see it. */
export interface ExchangedRequest {
  readonly method: string;
  /** Without the query, as it was sent. */
  readonly path: string;
  readonly body: string | Uint8Array;
  readonly recipient: string;
  readonly requestId: string;
}

/** What proves later who sent what: with the request's body and the sender's public key, anybody can check it. */
export interface SignedRequest {
  /** Of the sender, not of a key of the sender's. */
  readonly sender: string;
  readonly keyId: string;
  readonly nonce: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly contentDigest: string;
  readonly signatureInput: string;
  readonly signature: string;
}

/** Signs a request by HTTP Message Signatures (RFC 9421) over method, path, body digest (RFC 9530), recipient, request id, time and nonce. */
export function signRequest(request: ExchangedRequest, sender: string, key: JWK, now: Date): SignedRequest {
  const algorithm = algorithmOf(key);
  const created = Math.floor(now.getTime() / 1_000);
  const nonce = randomUUID();
  const digest = contentDigest(algorithm, request.body);
  const parameters = `(${COMPONENTS.map((name) => `"${name}"`).join(' ')});created=${created};nonce="${nonce}";keyid="${sender}:${key.kid}";alg="${algorithm}"`;
  const signature = ALGORITHMS[algorithm].sign(signatureBase(request, digest, parameters), key).toString('base64');
  return {
    sender,
    keyId: String(key.kid),
    nonce,
    created: created * 1_000,
    contentDigest: digest,
    signatureInput: `${LABEL}=${parameters}`,
    signature: `${LABEL}=:${signature}:`,
  };
}

/** The headers of a signed request. */
export function signatureHeaders(
  { recipient }: ExchangedRequest,
  { contentDigest, signatureInput, signature }: SignedRequest,
): Record<string, string> {
  return { 'content-digest': contentDigest, 'signature-input': signatureInput, signature, [RECIPIENT_HEADER]: recipient };
}

export interface VerifyOptions {
  /** The sender's key of that id, if it has one that is good now. */
  readonly keyOf: (sender: string, keyId: string) => JWK | undefined;
  /** Undefined when it is of no matter how old it is: a proof is. */
  readonly now?: Date;
}

/**
 * Checks a signature. That it was not used before is for whoever keeps nonces to say.
 * @throws CataloguedError SIGNATURE_REJECTED, alike for every fault
 */
export function verifyRequest(
  request: ExchangedRequest,
  headers: Readonly<Record<string, unknown>>,
  { keyOf, now }: VerifyOptions,
): SignedRequest {
  const [, parameters, created = '', nonce = '', sender = '', keyId = '', algorithm] = INPUT.exec(String(headers['signature-input'])) ?? [];
  const [, signature] = SIGNATURE.exec(String(headers['signature'])) ?? [];
  const key = keyOf(sender, keyId);
  const stale = now !== undefined && Math.abs(now.getTime() / 1_000 - Number(created)) > WINDOW;
  if (parameters === undefined || signature === undefined || key === undefined || stale) throw rejected();
  if (headers[RECIPIENT_HEADER] !== request.recipient) throw rejected();
  const keyAlgorithm = algorithmOf(key);
  const digest = contentDigest(keyAlgorithm, request.body);
  // the algorithm is the key's; a message does not choose it
  if (algorithm !== keyAlgorithm || headers['content-digest'] !== digest) throw rejected();
  if (!ALGORITHMS[keyAlgorithm].verify(signatureBase(request, digest, parameters), key, Buffer.from(signature, 'base64'))) throw rejected();
  return {
    sender,
    keyId,
    nonce,
    created: Number(created) * 1_000,
    contentDigest: digest,
    signatureInput: `${LABEL}=${parameters}`,
    signature: `${LABEL}=:${signature}:`,
  };
}

/** RFC 9421, section 2.5. */
function signatureBase({ method, path, recipient, requestId }: ExchangedRequest, digest: string, parameters: string): string {
  const values: Record<(typeof COMPONENTS)[number], string> = {
    '@method': method,
    '@path': path,
    'content-digest': digest,
    [RECIPIENT_HEADER]: recipient,
    'x-request-id': requestId,
  };
  return [...COMPONENTS.map((name) => `"${name}": ${values[name]}`), `"@signature-params": ${parameters}`].join('\n');
}

function rejected(): CataloguedError {
  return new CataloguedError('SIGNATURE_REJECTED', 'the signature of this request is not valid here and now');
}
